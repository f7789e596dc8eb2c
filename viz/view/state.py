"""ViewState: the one truth of what is on screen, and its way to a link and back.

Each field says by itself what it is on the first visit, how a link carries it, and what bounds it. Everything in a link
is untrusted: parsed, bounded, and a bad value falls back with a note. Pure functions; the view of a session is kept by
`viz.ui.session`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args, get_type_hints

from viz.attention.maps import Head
from viz.inputs.examples import EXAMPLES, FIRST, example
from viz.language import LANGUAGES, Language
from viz.metrics.measures import Measure
from viz.metrics.role_measures import RoleMeasure
from viz.models.card import ModelCard
from viz.models.loading import find_card
from viz.pictures.explorer.selection import Selection
from viz.view.link_values import FLAG, MODEL, NUMBER, PLACE, TEXT, Codec, choice, lines, pack_text, parsed
from viz.view.packed_parts import (
    PLAIN_SELECTION,
    pack_answered,
    pack_heads,
    pack_switches,
    unpack_answered,
    unpack_heads,
    unpack_lessons,
    unpack_switches,
    within,
)

Scope = Literal["head", "layer", "model"]
Compare = Literal["texts", "models"]
Weigh = Literal["attention", "norm"]
Flow = Literal["rollout", "flow", "raw", "beside"]
Through = Literal["all", "chosen"]
Over = Literal["text", "english", "chinese", "grammar", "own"]
FIRST_OTHER = example("street").text
MOST_SAVED = 40
_MOST = 256  # layers, or heads, of a model that nothing is known of yet

_Bound = Callable[["ViewState", Any], Any]


@dataclass(frozen=True)
class Carried:
    """How a link carries a field, the field's name there where it has another, and what fits it to the models."""

    codec: Codec[Any]
    name: str = ""
    bound: _Bound | None = None


def _units(which: Literal[0, 1], second: bool = False) -> _Bound:
    """What brings a layer (0) or a head (1) within those of its model."""
    return lambda view, number: min(max(number, 0), _shape(view, second)[which] - 1)


def _depth(view: "ViewState", depth: int) -> int:
    return min(max(depth, 0), _shape(view)[0])


def _heads(view: "ViewState", off: tuple[Head, ...]) -> tuple[Head, ...]:
    return within(off, *_first_shape(view))


@dataclass(frozen=True)
class ViewState:
    """What is on screen. Layer and head count from 0; in a link, as for people, they count from 1.

    `scope` says what the table of tokens sums up; `specials` whether [CLS], [SEP] and the like are listed in it;
    `switches` is what is picked in the explorer beyond these; `language` is None where the browser's is followed.
    `measure` is the number shown for every head at once. The text is compared with `other`, or the model with
    `model2` and its own layer and head; `stretch` widens the colours of a difference to the largest one. `saved`
    are the views to step through, each "page?link", and `present` hides the controls. `target` is the text that the
    decoder of an encoder-decoder reads; empty, the model writes it itself. `off` are the heads, in order, that are
    switched off on the page about their importance; they are those of the model's first map. What reaches a token
    is shown by the method `flow`, after the first `depth` layers (0: all), through all heads or those of `switches`.
    The roles of heads are measured `over` the text or many, and `role_measure` is the one that is drawn. `weigh` says
    whether maps show attention weights or, times the values' norms, how long the vectors are that keys bring.
    `lessons` is what was set up in the lessons, as `viz.view.packed_parts` writes it, and `answered` are the numbers
    of their questions that were answered right, in order.
    """

    model: Annotated[str, Carried(MODEL)] = FIRST.model
    text: Annotated[str, Carried(TEXT)] = FIRST.text
    pair: Annotated[str, Carried(TEXT)] = FIRST.pair
    layer: Annotated[int, Carried(PLACE, bound=_units(0))] = FIRST.layer
    head: Annotated[int, Carried(PLACE, bound=_units(1))] = FIRST.head
    scope: Annotated[Scope, Carried(choice(get_args(Scope)))] = "head"
    specials: Annotated[bool, Carried(FLAG)] = True
    switches: Annotated[Selection, Carried(parsed(pack_switches, unpack_switches), "show")] = PLAIN_SELECTION
    measure: Annotated[Measure, Carried(choice(get_args(Measure)))] = "first"
    compare: Annotated[Compare, Carried(choice(get_args(Compare)))] = "texts"
    other: Annotated[str, Carried(TEXT)] = FIRST_OTHER
    model2: Annotated[str, Carried(MODEL)] = "multilingual-e5-small"
    layer2: Annotated[int, Carried(PLACE, bound=_units(0, second=True))] = 0
    head2: Annotated[int, Carried(PLACE, bound=_units(1, second=True))] = 0
    stretch: Annotated[bool, Carried(FLAG)] = False
    target: Annotated[str, Carried(TEXT)] = ""
    off: Annotated[tuple[Head, ...], Carried(parsed(pack_heads, unpack_heads), bound=_heads)] = ()
    flow: Annotated[Flow, Carried(choice(get_args(Flow)))] = "rollout"
    depth: Annotated[int, Carried(NUMBER, bound=_depth)] = 0
    through: Annotated[Through, Carried(choice(get_args(Through)))] = "all"
    over: Annotated[Over, Carried(choice(get_args(Over)))] = "text"
    role_measure: Annotated[RoleMeasure, Carried(choice(get_args(RoleMeasure)))] = "before"
    weigh: Annotated[Weigh, Carried(choice(get_args(Weigh)))] = "attention"
    lessons: Annotated[str, Carried(parsed(pack_text, unpack_lessons))] = ""
    answered: Annotated[tuple[int, ...], Carried(parsed(pack_answered, unpack_answered))] = ()
    saved: Annotated[tuple[str, ...], Carried(lines(MOST_SAVED))] = ()
    present: Annotated[bool, Carried(FLAG)] = False
    language: Annotated[Language | None, Carried(choice(list(LANGUAGES)), "lang")] = None

    @property
    def scope_index(self) -> tuple[int, ...]:
        """What numbers [layer, head] are summed up over: nothing for all heads, the layer, or layer and head."""
        return (self.layer, self.head)[: ("model", "layer", "head").index(self.scope)]


DEFAULT = ViewState()
CARRIED: dict[str, Carried] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(ViewState, include_extras=True).items()
}


def bound(view: ViewState) -> ViewState:
    """`view` with its layers and heads brought within what their models have, as far as that is known."""
    bounds = {name: carried.bound for name, carried in CARRIED.items() if carried.bound is not None}
    return replace(view, **{name: bring(view, getattr(view, name)) for name, bring in bounds.items()})


def _shape(view: ViewState, second: bool = False) -> tuple[int, int]:
    """Layers and heads of the map that is shown; of the second model always its first map is."""
    card = card_of(view.model2 if second else view.model)
    if card is None:
        return _MOST, _MOST
    return card.shape(card.kinds[0] if second else view.switches.kind)


def _first_shape(view: ViewState) -> tuple[int, int]:
    """Layers and heads of the model's first map, whichever is shown."""
    card = card_of(view.model)
    return (_MOST, _MOST) if card is None else card.shape(card.kinds[0])


def card_of(model_id: str) -> ModelCard | None:
    """What is known of a model that a view names; None before it was ever fetched, where no catalogue has it."""
    return find_card(model_id)


def example_of(view: ViewState) -> str | None:
    """The id of the example whose text the view shows, if it is one."""
    return next((e.id for e in EXAMPLES if (e.text, e.pair) == (view.text, view.pair)), None)
