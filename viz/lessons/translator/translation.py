"""One translation, word by word: what the decoder has so far, where it looks, and what it might say next.

    model = translator()                     the small model that comes with this app, loaded as any other
    translation = translate(model, "le chat noir")
    translation.english, translation.steps[1].candidates, translation.cross

Greedy: at each step the likeliest word, as `generate` does it. The last word said is fed back, and the decoder runs
anew over all of them; the encoder runs once. A row of `cross` belongs to the step that produced its word: the decoder's
query stands one place before it.
"""

import difflib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from viz.attention import Weights
from viz.attention.checks import check_rows, frozen
from viz.errors import InputError
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.lessons.translator.lexicon import french_words
from viz.models.card import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card, weights_digest
from viz.models.forward import feed, readable_errors

FOLDER = Path(__file__).parent / "model"
MOST_CHARACTERS = 120
MOST_WORDS = 24
"""More than the longest phrase that the translator was taught."""
_MOST_SAID = 32
_CANDIDATES = 5
_NEAR = 3
_ALIKE = 0.65  # of 1: how like an unknown word one must be to be offered
_TRY = ("chat", "chien", "noir", "mange")


@dataclass(frozen=True)
class Candidate:
    """A word that could come next, and how likely the model finds it, 0 to 1."""

    word: str
    probability: float


@dataclass(frozen=True, eq=False)
class Step:
    """One word said: what the decoder was fed last, and its most likely words, best first: it said the first one."""

    fed: str
    word: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, eq=False)
class Translation:
    """A sentence and all steps of its translation, the last of which says the end mark where it came to its end.

    `encoder` [layer, head, query, key] is how the words of the source look at each other; `cross` and `own`
    [layer, head, step, key] are where each step looks in the source, and in what it was fed: 0 at what came later.
    """

    source: Encoding
    encoder: Weights
    cross: Weights
    own: Weights
    steps: tuple[Step, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words said, without the end mark."""
        return tuple(step.word for step in self.steps if step.word != SPECIAL[END])

    @property
    def english(self) -> str:
        """The words said as one line."""
        return joined(self.words)

    @property
    def nbytes(self) -> int:
        """How much memory the weights hold, in bytes."""
        return self.encoder.nbytes + self.cross.nbytes + self.own.nbytes


@lru_cache(maxsize=1)
def translator() -> LoadedModel:
    """The small translator that comes with this app. Raises `ModelFileError` where its files are not as they were."""
    return load_translator(FOLDER)


def load_translator(folder: Path) -> LoadedModel:
    """A translator that `tools.translator.train` wrote; safetensors alone, as any model here.

    Raises `ModelFileError` for files that are missing or damaged.
    """
    card = read_card(folder, "translator", "embedded")
    return load_checkpoint(folder, card, weights_digest(folder))


def joined(words: tuple[str, ...]) -> str:
    """English words as one line."""
    return " ".join(words).replace(" ?", "?")


def read(model: LoadedModel, text: str) -> Encoding:
    """The tokens of a French sentence. Raises `InputError` where it is empty, too long, or has a word not known."""
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            _("The sentence has {length} characters; at most {most} are taken. Please shorten it."),
            length=len(text),
            most=MOST_CHARACTERS,
        )
    if not text.strip():
        raise InputError(_("There is no sentence. Please type a French one, or choose an example."))
    sentence = encode(model, text)
    if len(sentence) > MOST_WORDS:
        raise InputError(
            _("The sentence has {count} words; the translator was taught at most {most}. Please shorten it."),
            count=len(sentence),
            most=MOST_WORDS,
        )
    known = french_words()
    # The last token is the end mark.
    for token, span in zip(sentence.token_strings[:-1], sentence.spans[:-1], strict=True):
        if token not in known:
            word = sentence.text[span[0] : span[1]] if span is not None else token
            near = difflib.get_close_matches(word.lower(), sorted(known), _NEAR, _ALIKE)
            raise InputError(
                _("The translator does not know the word {word}. Of the words it was taught, try: {near}."),
                word=word,
                near=", ".join(near or _TRY),
            )
    return sentence


def translate(model: LoadedModel, text: str) -> Translation:
    """Translate a French sentence step by step.

    Raises `InputError` as `read` does, `AttentionError` where weights are no attention, `VizError` where the model
    fails.
    """
    source = read(model, text)
    fed = feed(model, [source.ids])
    decoder_ids, steps = [START], list[Step]()
    with readable_errors(model, len(source)), model.lock, torch.inference_mode():
        encoder = model.model.get_encoder()(**fed, output_attentions=True)
        while len(steps) < _MOST_SAID and (not steps or decoder_ids[-1] != END):
            output = model.model(
                encoder_outputs=encoder,
                attention_mask=fed["attention_mask"],
                decoder_input_ids=torch.tensor([decoder_ids]),
                output_attentions=True,
                use_cache=False,
            )
            chances = output.logits[0, -1].softmax(-1)
            top = chances.topk(_CANDIDATES)
            words = model.tokenizer.convert_ids_to_tokens(top.indices.tolist())
            fed_last = model.tokenizer.convert_ids_to_tokens(decoder_ids[-1])
            steps.append(Step(fed_last, words[0], tuple(map(Candidate, words, top.values.tolist()))))
            decoder_ids.append(int(top.indices[0]))
    # Of all steps at once: none looks at what comes after it.
    cross, own = _stacked(output.cross_attentions), _stacked(output.decoder_attentions)
    return Translation(source, _stacked(encoder.attentions), cross, own, tuple(steps))


def _stacked(layers: Any) -> Weights:
    """[layer, head, query, key] of a batch of one."""
    weights = torch.cat(list(layers)).float().cpu().numpy()
    check_rows(weights)
    return frozen(weights)


SPECIAL = ("<pad>", "</s>", "<s>", "<unk>")

PAD, END, START, UNKNOWN = range(4)

WORD = r"[\p{L}\p{N}-]+'?|[^\s.,!;]"


Map = Literal["cross", "decoder", "encoder"]

EXAMPLES = (
    "je ne vois pas le chat noir",
    "je suis étudiant",
    "le chat noir dort",
    "elle achète une belle voiture rouge",
    "je ne mange pas la pomme",
    "je le vois",
    "vous ne nous connaissez pas",
    "il chante souvent",
    "est-ce que tu aimes les chiens intelligents ?",
    "il y a un petit oiseau jaune sur la table",
    "j'ai faim",
)


@checked(frozen=True)
class Translating:
    """The lesson's state. `step` counts from 1; `head` from 1, 0 for the mean of all; `layer` from 1."""

    sentence: Annotated[str, Field(max_length=MOST_CHARACTERS)] = EXAMPLES[0]
    step: Annotated[int, Field(ge=1, le=99)] = 6
    head: Annotated[int, Field(ge=0, le=64)] = 0
    layer: Annotated[int, Field(ge=1, le=64)] = 1
    map: Map = "cross"
