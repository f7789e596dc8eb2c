"""The lesson's words on how a translator works, what to try, and its questions, answered by the sentence shown."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import streamlit as st

from viz.lessons.translator.translation import EXAMPLES, FOLDER, Translating, Translation
from viz.lessons.translator.translator_facts import read_facts
from viz.ui.lessons import lesson_frame
from viz.ui.session import tr

_MOST_OPTIONS = 6
_CLEAR = 0.6  # a weight that leaves no doubt where it looks


def how_it_works() -> None:
    """Encoder, decoder, mask, teacher forcing, and how this one was trained."""
    facts = read_facts(FOLDER)
    st.header(tr("How it works"), anchor=False, divider="gray")
    parts = (
        (
            tr("Encoder"),
            tr(
                "It reads all French words at once. Each becomes a vector that knows its neighbours. It runs once."
            ),
        ),
        (
            tr("Decoder"),
            tr(
                "It is fed the start mark and the words said so far. Self-attention gathers what was said, "
                "cross-attention what the French says; then each English word gets a probability. It runs once a word."
            ),
        ),
        (
            tr("Masks"),
            tr(
                "In the decoder a causal mask sets the weights on later words to 0, so that no word is said by looking "
                "at itself. In the encoder only padding is masked: all of the French is known from the start."
            ),
        ),
        (
            tr("Teacher forcing"),
            tr(
                "In training the decoder is fed the right words, whatever it would have said; with the mask all steps "
                "are learned in one pass. In use there is no teacher: it is fed its own words, mistakes too."
            ),
        ),
        (
            tr("This translator"),
            tr(
                "A Marian with {weights:,} weights, drawn at random and trained for {minutes:.1f} CPU minutes on "
                "{phrases:,} phrases of a small grammar. Of {held_out:,} phrases that put words together in a way it "
                "was never shown, {exact:.1%} come out word for word. Nobody told it which word belongs to which.",
                weights=facts.weights,
                minutes=facts.minutes,
                phrases=facts.training,
                held_out=facts.held_out,
                exact=facts.exact,
            ),
        ),
    )
    for title, text in parts:
        st.markdown(f"**{title}** · {text}")


def tries() -> None:
    """What to try; each sets up a sentence of its own."""
    lesson_frame.try_this(
        lesson_frame.Step(
            tr(
                "Adjective and noun: step to the adjective. Which French word does it jump over, and when does it "
                "come back?"
            ),
            _sets(EXAMPLES[3], 4),
        ),
        lesson_frame.Step(
            tr(
                "Negation: “ne” and “pas” stand around the verb. Where does the decoder look for “do”, where for “not”?"
            ),
            _sets(EXAMPLES[4], 2),
        ),
        lesson_frame.Step(
            tr(
                "Pronoun: “le” stands before the verb, “him” behind it: the lines cross. Then write “je le mange”: why "
                "is it “it” now?"
            ),
            _sets(EXAMPLES[5], 3),
        ),
        lesson_frame.Step(
            tr(
                "Compare the heads on one sentence: do they share the work, or do all point at the same word?"
            ),
            _sets(EXAMPLES[0], 6, head=1),
        ),
    )


def _sets(sentence: str, step: int, head: int = 0) -> Callable[[], None]:
    return lambda: lesson_frame.keep_settings(replace(Translating(), sentence=sentence, step=step, head=head))


def ask(translation: Translation) -> None:
    """Three questions on the sentence shown."""
    place = turning(translation)
    lesson_frame.questions(_where(translation, place), _how_many(translation, place), _runs(translation))


def turning(translation: Translation) -> int:
    """The step, from 0, after which the decoder goes furthest back in the French, where it looks at one word clearly.

    The step of its largest weight where it never goes back.
    """
    weights = translation.cross[-1].mean(axis=0)[:-1]  # the last says the end mark
    if len(weights) < 2:
        return 0
    looked, clear = weights.argmax(axis=-1), weights.max(axis=-1)
    back = [
        int(before) - int(after) if sure >= _CLEAR else 0
        for (before, after), sure in zip(pairwise(looked), clear, strict=False)
    ]
    return back.index(max(back)) if max(back) > 0 else int(clear.argmax())


def _where(translation: Translation, place: int) -> lesson_frame.Question:
    weights = translation.cross[-1].mean(axis=0)[place]
    keys = translation.source.labels
    right = int(weights.argmax())
    places = sorted({right, *weights.argsort()[::-1][:_MOST_OPTIONS].tolist()})
    return lesson_frame.Question(
        tr(
            "At which French word does the decoder look most, over all heads, in the step that says “{word}”?",
            word=translation.steps[place].word,
        ),
        tuple(keys[place] for place in places),
        places.index(right),
        tr(
            "{share:.0%} of the weight is on “{word}”: it has the meaning that is to be said next, wherever it stands.",
            share=float(weights[right]),
            word=keys[right],
        ),
    )


def _how_many(translation: Translation, place: int) -> lesson_frame.Question:
    counts = sorted({place + 1, len(translation.steps), len(translation.source)})
    seen = translation.steps[place].own.shape[-1]
    if len(counts) < 3:
        counts = sorted({*counts, seen + 1, seen + 2})[:3]
    return lesson_frame.Question(
        tr(
            "At how many tokens can the decoder's self-attention look in the step that says “{word}”?",
            word=translation.steps[place].word,
        ),
        tuple(str(count) for count in counts),
        counts.index(seen),
        tr(
            "At {count}: the start mark and the words said before it. The mask hides all that is yet to be said.",
            count=seen,
        ),
    )


def _runs(translation: Translation) -> lesson_frame.Question:
    count = len(translation.steps)
    return lesson_frame.Question(
        tr("How often do the encoder and the decoder run to translate this sentence?"),
        (
            tr("Encoder {encoder} ×, decoder {decoder} ×", encoder=count, decoder=count),
            tr("Encoder {encoder} ×, decoder {decoder} ×", encoder=1, decoder=count),
            tr("Encoder {encoder} ×, decoder {decoder} ×", encoder=1, decoder=1),
        ),
        1,
        tr(
            "The French does not change, so it is read once. Each word said changes what the decoder is fed: it runs "
            "{count} times, the last time to say the end mark.",
            count=count,
        ),
    )
