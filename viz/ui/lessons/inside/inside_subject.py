"""What the lesson inside the model is about now: one model, text, layer, head and query; and its own settings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from viz.attention import AttentionMap, AttentionResult
from viz.attention.checks import Array
from viz.inputs.encoding import Encoding
from viz.lessons.inside.layer_steps import Asked, Inside, asked, heads_parts, inside, telling
from viz.lessons.inside.word_order import Swapped, swapped
from viz.models import LoadedModel
from viz.models.families.positions import Replacement
from viz.ui.exhibits.downloads import captioned
from viz.ui.lessons import lesson_frame
from viz.ui.progress.shared_results import shared
from viz.ui.session import change, view
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import code_span
from viz.view.state import ViewState

Sentence = Annotated[str, Field(max_length=200)]


@checked(frozen=True)
class InsideState:
    """What is set up in this lesson. `key` is the token whose arithmetic is written out, -1 for the strongest.

    `one` and `other` are the two orders of the same words, and `off` says how position is switched off.
    """

    key: Annotated[int, Field(ge=-1, le=4095)] = -1
    one: Sentence = "the dog bites the man"
    other: Sentence = "the man bites the dog"
    off: Literal["zero", "same"] = "zero"


@dataclass(frozen=True, eq=False)
class Subject:
    """A model and a text, one layer of them with its numbers, and one query of one head."""

    model: LoadedModel
    result: AttentionResult
    found: AttentionMap
    layer: Inside
    head: int
    query: int
    asked: Asked
    key: int
    now: ViewState

    @property
    def queries(self) -> list[str]:
        """The names of the tokens that ask."""
        return self.found.queries.labels

    @property
    def keys(self) -> list[str]:
        """The names of the tokens that are asked."""
        return self.found.keys.labels

    @property
    def asks(self) -> str:
        """The query's name, as Markdown."""
        return code_span(self.queries[self.query])

    @property
    def title(self) -> str:
        """Which head it is."""
        return head_name(self.layer.layer, self.head)

    def caption(self, what: str) -> str:
        """What stands below an exported picture."""
        return captioned(self.result, self.now, " · ".join([self.title, self.queries[self.query], what]))

    def cache_key(self, *what: object) -> tuple[object, ...]:
        """The key of a picture of this query."""
        card, now = self.model.card, self.now
        of = (card.id, self.model.revision, now.text, now.pair, now.target, self.found.kind)
        return ("inside", *of, self.layer.layer, self.head, self.query, *what)

    def strongest(self, most: int) -> list[int]:
        """The keys with the largest weights, at most so many, in the order of the text."""
        return sorted(int(at) for at in np.argsort(-self.asked.weights, kind="stable")[:most])

    def parts(self) -> Array:
        """What each head adds to the layer's output for this query, [head, hidden]."""
        return shared().get(
            self.cache_key("parts"),
            lambda: heads_parts(self.model, self.layer, self.query),
            lambda found: found.nbytes,
        )


def subject(model: LoadedModel, result: AttentionResult, set_up: InsideState) -> Subject:
    """The subject of the view, its layer computed once for all sessions. Raises as `inside` does."""
    now = view()
    found = result.shown(now.switches.kind)
    key = ("inside", model.card.id, model.revision, now.text, now.pair, now.target, found.kind, now.layer)
    layer = shared().get(
        key, lambda: inside(model, result, found.kind, now.layer), lambda made: made.nbytes + 10_000
    )
    weights = found.weights[now.layer, now.head]
    usual = telling(weights, _no_word(found.queries), _no_word(found.keys))
    query = next((at for at in now.switches.tokens if at < len(found.queries)), usual)
    one = asked(layer, now.head, query)
    at = set_up.key if 0 <= set_up.key < len(found.keys) else _second_thought(one, found, query)
    return Subject(model, result, found, layer, now.head, query, one, at, now)


def _no_word(encoding: Encoding) -> tuple[bool, ...]:
    """For each token whether it is special, or has neither letter nor digit."""
    tokens = zip(encoding.special, encoding.labels, strict=True)
    return tuple(special or not any(each.isalnum() for each in label) for special, label in tokens)


def _second_thought(one: Asked, found: AttentionMap, query: int) -> int:
    """The strongest key that is a word; any where none is."""
    weights = np.where(np.array(_no_word(found.keys)), -1.0, one.weights)
    return int((weights if weights.max() > 0 else one.weights).argmax())


def pick_query(at: int) -> None:
    """Let another token ask."""
    lesson_frame.keep_own(replace(lesson_frame.own(InsideState), key=-1))
    change(switches=replace(view().switches, tokens=(at,)))


def pick_key(at: int) -> None:
    """Write out the arithmetic of another key."""
    lesson_frame.keep_own(replace(lesson_frame.own(InsideState), key=at))


def set_order(**changes: Any) -> Callable[[], None]:
    """What sets up other sentences, or another way to switch position off."""
    return lambda: lesson_frame.keep_own(replace(lesson_frame.own(InsideState), **changes))


def orders(model: LoadedModel, one: str, other: str, off: Replacement) -> Swapped:
    """`swapped`, computed once for all sessions. Raises what it raises."""
    return shared().get(
        ("orders", model.card.id, model.revision, one, other, off),
        lambda: swapped(model, one, other, off),
        lambda found: sum(each.nbytes for pair in (found.with_positions, found.without) for each in pair),
    )
