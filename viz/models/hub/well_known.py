"""Well-known models of the hub, as cards: what a person can pick without knowing a name.

Sizes are about what the weights file has; the hub is asked for its own figure before anything is downloaded. Licences
are those that the models' own pages state; where a page states none, or one of its own, the card says to see it.
"""

from functools import partial

from viz.language import _
from viz.models.card import Kind, ModelCard

SEE_ITS_PAGE = _("see its page")
_APACHE = "Apache-2.0"
_MIT = "MIT"
_THREE: tuple[Kind, ...] = ("encoder", "decoder", "cross")


def _card(
    model_id: str,
    languages: str,
    shape: tuple[int, int],
    max_tokens: int,
    licence: str,
    megabytes: int,
    about: str,
    kinds: tuple[Kind, ...] = ("encoder",),
) -> ModelCard:
    """A card of the hub; `shape` is (layers, heads), the same in encoder and decoder where there are both."""
    layers, heads = shape
    decoder_layers, decoder_heads = shape if kinds == _THREE else (0, 0)
    return ModelCard(
        id=model_id,
        title=model_id,
        languages=tuple(languages.split()),
        layers=layers,
        heads=heads,
        max_tokens=max_tokens,
        licence=licence,
        source="hub",
        about=about,
        kinds=kinds,
        decoder_layers=decoder_layers,
        decoder_heads=decoder_heads,
        nbytes=megabytes * 1_000_000,
    )


_decoder = partial(_card, kinds=("decoder",))
_pair = partial(_card, kinds=_THREE)

_ENCODERS = (
    _card("bert-base-uncased", "en", (12, 12), 512, _APACHE, 440,
          _("The original English BERT, which reads capital and small letters alike.")),
    _card("bert-base-cased", "en", (12, 12), 512, _APACHE, 436,
          _("The original English BERT that tells capital letters from small ones.")),
    _card("bert-base-chinese", "zh", (12, 12), 512, _APACHE, 412,
          _("The original Chinese BERT: every Chinese character is a token of its own.")),
    _card("bert-base-multilingual-cased", "mul", (12, 12), 512, _APACHE, 714,
          _("One BERT for the 104 languages with the largest Wikipedias.")),
    _card("hfl/chinese-roberta-wwm-ext", "zh", (12, 12), 512, _APACHE, 412,
          _("A Chinese BERT that was trained longer, with whole words hidden instead of single characters.")),
    _card("distilbert-base-uncased", "en", (6, 12), 512, _APACHE, 268,
          _("A BERT of half the layers that learned to imitate the original; about as good and faster.")),
    _card("roberta-base", "en", (12, 12), 512, _MIT, 499,
          _("An English BERT that was trained longer, on more text, with a byte-level vocabulary.")),
    _card("xlm-roberta-base", "mul", (12, 12), 512, _MIT, 1116,
          _("A RoBERTa for 100 languages that share one large vocabulary.")),
    _card("albert-base-v2", "en", (12, 12), 512, _APACHE, 47,
          _("A small BERT whose 12 layers all share the same weights.")),
    _card("google/electra-small-discriminator", "en", (12, 4), 512, _APACHE, 54,
          _("A small model that was trained to tell which words of a text had been replaced.")),
    _card("microsoft/deberta-v3-small", "en", (6, 12), 512, _MIT, 286,
          _("Keeps what a token says apart from where it stands, and attends to both.")),
    _card("answerdotai/ModernBERT-base", "en", (22, 12), 8192, _APACHE, 599,
          _("A BERT of 2024 for long texts: most of its layers attend only to tokens nearby.")),
    _card("prajjwal1/bert-tiny", "en", (2, 2), 512, _MIT, 18,
          _("The smallest BERT of all: two layers of two heads, for a first look at how it works.")),
    _card("prajjwal1/bert-mini", "en", (4, 4), 512, _MIT, 45,
          _("A very small BERT of four layers, each with four heads.")),
    _card("camembert-base", "fr", (12, 12), 512, _MIT, 445,
          _("A RoBERTa for French, trained on text from the web.")),
    _card("microsoft/mpnet-base", "en", (12, 12), 512, SEE_ITS_PAGE, 532,
          _("Trained to predict words in a shuffled order; adds a learned distance to its attention.")),
    _card("nghuyong/ernie-3.0-base-zh", "zh", (12, 12), 2048, SEE_ITS_PAGE, 474,
          _("A Chinese model of the BERT kind that was trained with knowledge about words and names.")),
    _card("junnyu/roformer_chinese_base", "zh", (12, 12), 1536, SEE_ITS_PAGE, 499,
          _("A Chinese model that works with whole words, and turns positions into rotations.")),
)  # fmt: skip

_DECODERS = (
    _decoder("gpt2", "en", (12, 12), 1024, _MIT, 548,
             _("The small GPT-2: writes on word by word, so that each token looks only at those before it.")),
    _decoder("distilgpt2", "en", (6, 12), 1024, _APACHE, 353,
             _("A GPT-2 of half the layers that learned to imitate the original.")),
    _decoder("facebook/opt-125m", "en", (12, 12), 2048, SEE_ITS_PAGE, 251,
             _("The smallest of the OPT models, built in the manner of GPT-3.")),
    _decoder("HuggingFaceTB/SmolLM2-135M", "en", (30, 9), 8192, _APACHE, 269,
             _("A small model built like Llama: many thin layers, and three query heads to each key head.")),
    _decoder("Qwen/Qwen2.5-0.5B", "mul", (24, 14), 32768, _APACHE, 988,
             _("A small multilingual model, strong in Chinese and English; seven query heads share a key head.")),
)  # fmt: skip

_PAIRS = (
    _pair("facebook/bart-base", "en", (6, 12), 1024, _APACHE, 558,
          _("Reads a text with an encoder and writes it anew with a decoder; trained to repair damaged text.")),
    _pair("google-t5/t5-small", "en fr ro de", (6, 8), 512, _APACHE, 242,
          _("Turns text into text; begin with “translate English to German:” to see it translate.")),
    _pair("Helsinki-NLP/opus-mt-en-zh", "en zh", (6, 8), 512, _APACHE, 312,
          _("Translates English into Chinese; cross-attention shows which word became which.")),
    _pair("Helsinki-NLP/opus-mt-fr-en", "fr en", (6, 8), 512, _APACHE, 301,
          _("Translates French into English; cross-attention shows which word became which.")),
)  # fmt: skip

HUB_CARDS = (*_ENCODERS, *_DECODERS, *_PAIRS)
