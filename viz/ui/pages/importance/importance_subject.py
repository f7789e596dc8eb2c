"""What the page about importance is about: one model and one text, the keys of what is computed, and what it costs."""

from dataclasses import dataclass

from viz.attention import AttentionMap, AttentionResult
from viz.inputs.encoding import Encoding
from viz.models import LoadedModel
from viz.studies.corpus.sample_sentences import CHINESE, ENGLISH
from viz.studies.importance.masked_runs import Text
from viz.ui.exhibits.downloads import captioned
from viz.ui.progress.work import Key
from viz.ui.session import trn
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
        return next((at for at in self.state.switches.tokens if at < len(self.encoding)), None)

    def quick(self, passes: float) -> bool:
        """Whether so many forward passes take a few seconds at most, and may begin by themselves."""
        network = self.model.model
        # Looking a word up costs nothing, however many words there are.
        weights = sum(each.numel() for each in network.parameters())
        weights -= network.get_input_embeddings().weight.numel()
        return bool(2 * weights * len(self.encoding) * passes < _FEW)


def subject(model: LoadedModel, result: AttentionResult, state: ViewState) -> Subject:
    """The subject of the view."""
    return Subject(model, result.maps[0], result, state)
