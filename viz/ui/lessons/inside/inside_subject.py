"""What the lesson inside the model is about now: one model, text, layer, head and query; and its own settings."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

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
from viz.ui.lessons.lesson_frame import change_settings
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
    map: AttentionMap
    layer: Inside
    head: int
    query: int
    asked: Asked
    key: int
    view: ViewState

    @property
    def queries(self) -> list[str]:
        """The names of the tokens that ask."""
        return self.map.queries.labels

    @property
    def keys(self) -> list[str]:
        """The names of the tokens that are asked."""
        return self.map.keys.labels

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
        return captioned(self.result, self.view, " · ".join([self.title, self.queries[self.query], what]))

    def cache_key(self, *what: object) -> tuple[object, ...]:
        """The key of a picture of this query."""
        card, state = self.model.card, self.view
        text = (card.id, self.model.revision, state.text, state.pair, state.target, self.map.kind)
        return ("inside", *text, self.layer.layer, self.head, self.query, *what)

    def strongest(self, most: int) -> list[int]:
        """The keys with the largest weights, at most so many, in the order of the text."""
        return sorted(int(token) for token in np.argsort(-self.asked.weights, kind="stable")[:most])

    def parts(self) -> Array:
        """What each head adds to the layer's output for this query, [head, hidden]."""
        return shared().get(
            self.cache_key("parts"),
            lambda: heads_parts(self.model, self.layer, self.query),
        )


def read_subject(model: LoadedModel, result: AttentionResult, setup: InsideState) -> Subject:
    """The subject of the view, its layer computed once for all sessions. Raises as `inside` does."""
    state = view()
    attention_map = result.map_of(state.switches.kind)
    kind = attention_map.kind
    layer = shared().get(
        ("inside", model.card.id, model.revision, state.text, state.pair, state.target, kind, state.layer),
        lambda: inside(model, result, kind, state.layer),
    )
    weights = attention_map.weights[state.layer, state.head]
    clearest = telling(weights, _no_word(attention_map.queries), _no_word(attention_map.keys))
    query = next((token for token in state.switches.tokens if token < len(attention_map.queries)), clearest)
    one = asked(layer, state.head, query)
    key = setup.key if 0 <= setup.key < len(attention_map.keys) else _strongest_word(one, attention_map)
    return Subject(model, result, attention_map, layer, state.head, query, one, key, state)


def _no_word(encoding: Encoding) -> tuple[bool, ...]:
    """For each token whether it is special, or has neither letter nor digit."""
    tokens = zip(encoding.special, encoding.labels, strict=True)
    return tuple(special or not any(character.isalnum() for character in label) for special, label in tokens)


def _strongest_word(one: Asked, attention_map: AttentionMap) -> int:
    """The strongest key that is a word; any where none is."""
    weights = np.where(np.array(_no_word(attention_map.keys)), -1.0, one.weights)
    return int((weights if weights.max() > 0 else one.weights).argmax())


def pick_query(token: int) -> None:
    """Let another token ask."""
    change_settings(key=-1)
    change(switches=replace(view().switches, tokens=(token,)))


def pick_key(token: int) -> None:
    """Write out the arithmetic of another key."""
    change_settings(key=token)


def orders(model: LoadedModel, one: str, other: str, off: Replacement) -> Swapped:
    """`swapped`, computed once for all sessions. Raises what it raises."""
    return shared().get(
        ("orders", model.card.id, model.revision, one, other, off),
        lambda: swapped(model, one, other, off),
    )
