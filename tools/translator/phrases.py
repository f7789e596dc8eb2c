"""French phrases with their English, from a small grammar of our own; and how they are parted for training.

    make_phrase(rng)           one Phrase of a construction drawn at random
    phrase_book(seed, ...)     phrases to train on, and held-out ones that put words together as no training phrase does
    phrase.links               which English word says which French word: the alignment as it should be

French and English put the same things in another order: adjectives, negation, pronouns as objects, adverbs. One French
phrase has one translation. All in lower case but for "I", without full stops.
"""

import random
import zlib
from dataclasses import dataclass

from tools.translator.clauses import CONSTRUCTIONS
from tools.translator.noun_phrases import Words, spoken, with_an, written
from viz.errors import InputError
from viz.language import _

_RESERVED_ONE_IN = 12
_MOST = 100_000
_MOST_VAIN = 5_000  # draws one after the other that give no phrase that is wanted and new


@dataclass(frozen=True)
class Phrase:
    """A French phrase and its English.

    `links` are pairs (French word, English word), counted from 0, of those that say the same. `pairings` names what
    is put together in it ("black cat", "eat apple"): what a split keeps apart.
    """

    french: str
    english: str
    links: tuple[tuple[int, int], ...]
    pairings: frozenset[str]
    construction: str
    swaps: tuple[tuple[int, int], ...] = ()
    """Pairs (adjective, noun) of English word numbers, where French has them the other way round."""


@dataclass(frozen=True)
class PhraseBook:
    """Phrases to train on and held-out ones, each French phrase once. No pairing of the one kind is in the other."""

    training: tuple[Phrase, ...]
    held_out: tuple[Phrase, ...]


def phrase_book(seed: int, training: int, held_out: int, constructions: tuple[str, ...] = ()) -> PhraseBook:
    """So many phrases of each kind, the same for the same seed.

    One pairing of words in twelve ("black cat", "eat apple") is reserved, by its name alone: a phrase with such a one
    can only be held out, one without can only be trained on. So whole sentences are parted, and what is held out puts
    known words together anew. `constructions` limits the grammar to these of its parts.

    Raises `InputError` for numbers out of bounds, and where the grammar does not have so many phrases.
    """
    if not (0 < training <= _MOST and 0 < held_out <= _MOST):
        raise InputError(
            _(
                "{training} phrases to train on and {held_out} held out were asked for; 1 to {most} are possible."
            ),
            training=training,
            held_out=held_out,
            most=_MOST,
        )
    rng = random.Random(seed)  # noqa: S311 - keeps no secret
    kept: dict[bool, dict[str, Phrase]] = {False: {}, True: {}}
    wanted = {False: training, True: held_out}
    vain = 0
    while vain < _MOST_VAIN:
        phrase = make_phrase(rng, constructions)
        same_kind = kept[kind := is_reserved(phrase)]
        if len(same_kind) < wanted[kind] and phrase.french not in same_kind:
            same_kind[phrase.french] = phrase
            vain = 0
        elif all(len(kept[kind]) == count for kind, count in wanted.items()):
            return PhraseBook(tuple(kept[False].values()), tuple(kept[True].values()))
        else:
            vain += 1
    raise InputError(
        _("The phrase grammar does not have {count} different phrases. Please ask for fewer."),
        count=training + held_out,
    )


def is_reserved(phrase: Phrase) -> bool:
    """Whether the phrase puts words together that no training phrase does."""
    return any(zlib.crc32(pairing.encode()) % _RESERVED_ONE_IN == 0 for pairing in phrase.pairings)


def make_phrase(rng: random.Random, constructions: tuple[str, ...] = ()) -> Phrase:
    """One phrase of these constructions, or of all; the same state of `rng` gives the same one."""
    names = constructions or tuple(CONSTRUCTIONS)
    name = rng.choices(names, [CONSTRUCTIONS[name][1] for name in names])[0]
    french, english, pairings = CONSTRUCTIONS[name][0](rng)
    french = spoken(french)
    english = with_an(english)
    links = tuple(
        (at, to)
        for to, (_word, said) in enumerate(english)
        for at, (_other, tag) in enumerate(french)
        if tag and tag == said
    )
    return Phrase(
        written([word for word, _tag in french]),
        " ".join(word for word, _tag in english).replace(" ?", "?"),
        links,
        pairings,
        name,
        _swaps(french, english),
    )


def _swaps(french: Words, english: Words) -> tuple[tuple[int, int], ...]:
    """Where a tag ":noun" and its ":after" stand: English has the adjective first, French the noun."""
    tags = [tag for _word, tag in english]
    return tuple(
        (at, tags.index(tag.replace(":after", ":noun")))
        for at, tag in enumerate(tags)
        if tag.endswith(":after")
    )
