"""Names of what is measured and compared, in the session's language."""

from viz.attention import AttentionMap, AttentionResult, Quantity
from viz.attention.merging import Unit
from viz.language import _
from viz.metrics.measures import Measure, closing_special, first_special
from viz.ui.session import tr
from viz.view.state import Scope, Weigh


def head_name(layer: int, head: int) -> str:
    """A head as a person reads it; layer and head count from 0."""
    return tr("Layer {layer} · Head {head}", layer=layer + 1, head=head + 1)


def head_names(layers: int, heads: int) -> dict[tuple[int, int], str]:
    """All heads of a model as a person reads them, made at once: Streamlit asks for options' names later."""
    return {(layer, head): head_name(layer, head) for layer in range(layers) for head in range(heads)}


def scope_name(scope: Scope, layer: int, head: int) -> str:
    """What is summed up over: a head, a layer or the model."""
    if scope == "head":
        return head_name(layer, head)
    return (
        tr("Layer {layer}, every head", layer=layer + 1) if scope == "layer" else tr("All heads of the model")
    )


def kind_names() -> dict[str, str]:
    """The kinds of maps, as the explorer calls them."""
    return {"encoder": tr("Encoder"), "decoder": tr("Decoder"), "cross": tr("Cross")}


def weigh_names() -> dict[Weigh, str]:
    """What is shown of a query and a key."""
    return {"attention": tr("Attention"), "norm": tr("Attention × value norm")}


def difference_name(quantity: Quantity) -> str:
    """What the colours of a difference stand for."""
    return tr("Difference of the weights") if quantity == "attention" else tr("Difference of the lengths")


def map_alt(title: str, quantity: Quantity) -> str:
    """What a heat map shows, for readers who hear the page."""
    return tr(
        _("Heat map of {title}: rows are queries, columns are keys, colour is the weight.")
        if quantity == "attention"
        else _("Heat map of {title}: rows are queries, columns are keys, colour is the length."),
        title=title,
    )


def stem(result: AttentionResult) -> str:
    """How the name of a file begins that shows this result: its model, and the quantity where it is not attention."""
    return result.card.id if result.maps[0].quantity == "attention" else f"{result.card.id}-norm"


def measure_names() -> dict[Measure, str]:
    """The measures of a head, as titles."""
    return {
        "first": tr("Share to [CLS] or <s>"),
        "closing": tr("Share to [SEP] or </s>"),
        "punctuation": tr("Share to punctuation"),
        "sink": tr("Share to the first token (sink)"),
        "itself": tr("Share to the token itself"),
        "before": tr("Share to the token before"),
        "after": tr("Share to the token after"),
        "distance": tr("Mean distance (tokens)"),
        "entropy": tr("Entropy (nats)"),
    }


def measures_of(attention_map: AttentionMap) -> dict[Measure, str]:
    """The numbers there are of a map: how far away a key lies is none where queries and keys are two texts.

    Entropy is that of attention alone; shares to special tokens are those of tokens that the text has, and a sink is
    the first token of a decoder's text that opens with a word.
    """
    opening = any(first_special(attention_map.keys))
    alone = ["itself", "before", "after", "distance"] if attention_map.kind == "cross" else []
    alone += ["entropy"] if attention_map.quantity != "attention" else []
    alone += [] if opening else ["first"]
    alone += [] if any(closing_special(attention_map.keys)) else ["closing"]
    alone += [] if attention_map.kind == "decoder" and not opening else ["sink"]
    return {name: title for name, title in measure_names().items() if name not in alone}


def unit_names() -> dict[Unit, str]:
    """Tokens or words."""
    return {"tokens": tr("Tokens"), "words": tr("Words")}


_PLAIN = ("distance", "entropy", "first_entropy", "broad")  # all else are shares


def measured_number(measure: str, value: float) -> str:
    """A number of this measure, or of the role that it speaks for, as it is written."""
    return f"{value:.2f}" if measure in _PLAIN else f"{value:.1%}"
