"""What the page about importance is about, what it costs to compute, and how it is computed."""

from dataclasses import dataclass

import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.inputs.encoding import Encoding
from viz.models import LoadedModel
from viz.studies.corpus.sample_sentences import CHINESE, ENGLISH
from viz.studies.importance.masked_runs import Text
from viz.ui.exhibits.downloads import captioned
from viz.ui.progress.work import Key
from viz.ui.session import tr, trn
from viz.view.state import ViewState

# Multiplications and additions that take a few seconds on two cores: all 72 heads of a small model on 100 tokens.
_FEW = 2e11

_SAMPLES = {"english": ENGLISH, "chinese": CHINESE}
_MOST_SAMPLES = 30  # which take a minute with a small model


@dataclass(frozen=True, eq=False)
class Subject:
    """A model, the first of its maps (the encoder's, or a decoder's that stands alone), and the text of the view."""

    model: LoadedModel
    attention_map: AttentionMap
    result: AttentionResult
    state: ViewState

    @property
    def encoding(self) -> Encoding:
        """The tokens."""
        return self.attention_map.queries

    @property
    def shape(self) -> tuple[int, int]:
        """Layers and heads."""
        return self.attention_map.layers, self.attention_map.heads

    @property
    def text(self) -> Text:
        """The text, or the two, as the room of importance takes them."""
        return (self.state.text, self.state.pair) if self.state.pair else self.state.text

    @property
    def samples(self) -> tuple[str, ...]:
        """The app's own sentences where heads are measured over these, else none."""
        return _SAMPLES.get(self.state.over, ())[:_MOST_SAMPLES]

    @property
    def texts(self) -> tuple[Text, ...]:
        """What heads are measured over: the sample sentences, or the text."""
        return self.samples or (self.text,)

    @property
    def predicts(self) -> bool:
        """Whether the model predicts masked words: it has a head for it, and its tokenizer a mask."""
        return self.model.predictor is not None and self.model.tokenizer.mask_token_id is not None

    def key(self, *what: object) -> Key:
        """The key of something computed of this model and text; its first item says what it is."""
        return (what[0], self.model.card.id, self.model.revision, self.state.text, self.state.pair, *what[1:])

    def key_of_texts(self, *what: object) -> Key:
        """The same of what is computed over `texts`."""
        if not self.samples:
            return self.key(*what)
        return (what[0], self.model.card.id, self.model.revision, self.state.over, *what[1:])

    def caption(self, title: str) -> str:
        """What stands below an exported picture of what is computed over `texts`."""
        if not self.samples:
            return captioned(self.result, self.state, title)
        said = trn("mean over {count} sentence", "mean over {count} sentences", len(self.samples))
        return " · ".join([self.model.card.title, title, said])

    def chosen(self) -> int | None:
        """The token that was clicked, None where it is the whole sentence."""
        return next((token for token in self.state.switches.tokens if token < len(self.encoding)), None)

    def quick(self, passes: float) -> bool:
        """Whether so many forward passes take a few seconds at most, and may begin by themselves."""
        network = self.model.model
        # Looking a word up costs nothing, however many words there are.
        weights = sum(parameter.numel() for parameter in network.parameters())
        weights -= network.get_input_embeddings().weight.numel()
        return bool(2 * weights * len(self.encoding) * passes < _FEW)


def subject(model: LoadedModel, result: AttentionResult, state: ViewState) -> Subject:
    """The subject of the view."""
    return Subject(model, result.maps[0], result, state)


def explain() -> None:
    """The box with the explanations, closed."""
    with st.expander(tr("How this is computed"), icon=":material/function:"):
        st.markdown(
            tr(
                "- **A head off**: its output is multiplied by 0 before the layer joins its heads, so that it adds "
                "nothing there; all else runs as before. Compared are the outputs of the last layer, by the cosine of "
                "the angle between them, and the sentence vector, the mean of all tokens' outputs with the special "
                "ones. Source: Michel, Levy & Neubig 2019, *Are Sixteen Heads Really Better than One?*\n"
                "- **Importance by leaving out**: 1 − cosine of the sentence vector with and without that head alone. "
                "A head that others can stand in for shows as unimportant, and so do two that do the same.\n"
                "- **Importance by the gradient**: how fast the sentence vector, at length 1, moves as the head's "
                "factor ξ is turned down from 1: |∂L/∂ξ| with L the distance it has moved. In its picture "
                "each layer's heads are scaled to a length (L2 norm) of 1, as Michel et al. advise. Their L is the "
                "loss of a task. A model with a masked-language head has one, and for it L is that: the mean negative "
                "log-probability of each word when it alone is masked. It tells of small changes, not of switching "
                "off.\n"
                "- **Pruning**: heads are switched off one after the other in the order of the whole model's "
                "importance, which is not measured anew in between. In random order the same number is off.\n"
                "- **Gradient × input**: ‖J x‖, the length of what a change of a token's word embedding x in "
                "proportion brings to the output, J the derivative of the output by it. For a masked token's "
                "prediction it is the product of gradient and embedding, summed up, of the score of the likeliest "
                "word (captum's InputXGradient). Sources: Brunner et al. 2020, *On Identifiability in Transformers*; "
                "Abnar & Zuidema 2020 for rollout; Jain & Wallace 2019, *Attention is not Explanation*.\n"
                "- Numbers of one text are of that text alone: another may need other heads. Over sample sentences "
                "they are the means over 30 of them."
            )
        )
