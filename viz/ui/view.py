"""ViewState: the one truth of what is on screen, and its way to a link and back.

Everything in a link is untrusted: parsed, bounded, and a bad value falls back with a note. Pure functions; the
view of a session is kept by `viz.ui.state`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from viz.errors import InputError, VizError
from viz.explorer.selection import Selection
from viz.messages import _
from viz.metrics.measures import Measure
from viz.metrics.roles import RoleMeasure
from viz.models.card import ModelCard
from viz.models.loading import find_card
from viz.ui.examples import EXAMPLES, FIRST, example
from viz.ui.i18n import LANGUAGES, Language
from viz.ui.lessons.link import pack_answered, unpack_answered, unpack_lessons
from viz.ui.link_values import LinkValues, pack_text
from viz.ui.off import Head, pack_heads, unpack_heads, within
from viz.ui.switches import PLAIN, pack, unpack

Scope = Literal["head", "layer", "model"]
Compare = Literal["texts", "models"]
Weigh = Literal["attention", "norm"]
Flow = Literal["rollout", "flow", "raw", "beside"]
Through = Literal["all", "chosen"]
Over = Literal["text", "english", "chinese", "grammar", "own"]

LONGEST_LINK = 6_000
FIRST_OTHER = example("street").text
_TEXTS = ("text", "pair", "other", "target")
_MOST = 256  # layers, or heads, of a model that nothing is known of yet
MOST_SAVED = 40


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
    `lessons` is what was set up in the lessons, as `viz.ui.lessons.link` writes it, and `answered` are the numbers of
    their questions that were answered right, in order.
    """

    model: str = FIRST.model
    text: str = FIRST.text
    pair: str = FIRST.pair
    layer: int = FIRST.layer
    head: int = FIRST.head
    scope: Scope = "head"
    specials: bool = True
    switches: Selection = PLAIN
    measure: Measure = "first"
    compare: Compare = "texts"
    other: str = FIRST_OTHER
    model2: str = "multilingual-e5-small"
    layer2: int = 0
    head2: int = 0
    stretch: bool = False
    target: str = ""
    off: tuple[Head, ...] = ()
    flow: Flow = "rollout"
    depth: int = 0
    through: Through = "all"
    over: Over = "text"
    role_measure: RoleMeasure = "before"
    weigh: Weigh = "attention"
    lessons: str = ""
    answered: tuple[int, ...] = ()
    saved: tuple[str, ...] = ()
    present: bool = False
    language: Language | None = None


DEFAULT = ViewState()


def to_params(view: ViewState) -> dict[str, str]:
    """The query parameters of a link to `view`: only what differs from the first visit's.

    A text too long for a link of `LONGEST_LINK` characters is left out; `fits_link` tells.
    """
    params: dict[str, str] = {}
    choices = ("scope", "measure", "compare", "model2", "flow", "through", "over", "role_measure", "weigh")
    for name in ("model", *choices):
        if getattr(view, name) != getattr(DEFAULT, name):
            params[name] = getattr(view, name)
    if (view.text, view.pair) != (DEFAULT.text, DEFAULT.pair):
        params["text"] = pack_text(view.text)
        if view.pair:
            params["pair"] = pack_text(view.pair)
    for name in ("other", "target"):
        if getattr(view, name) != getattr(DEFAULT, name):
            params[name] = pack_text(getattr(view, name))
    for name in ("layer", "head", "layer2", "head2"):
        if getattr(view, name) != getattr(DEFAULT, name):
            params[name] = str(getattr(view, name) + 1)
    if view.depth != DEFAULT.depth:
        params["depth"] = str(view.depth)
    for name in ("specials", "stretch", "present"):
        if getattr(view, name) != getattr(DEFAULT, name):
            params[name] = "1" if getattr(view, name) else "0"
    if packed := pack(view.switches):
        params["show"] = packed
    if packed := pack_heads(view.off):
        params["off"] = packed
    if view.lessons:
        params["lessons"] = pack_text(view.lessons)
    if view.answered:
        params["answered"] = pack_answered(view.answered)
    if view.saved:
        params["saved"] = pack_text("\n".join(view.saved))
    if view.language:
        params["lang"] = view.language
    for names in (("saved",), ("lessons",), _TEXTS):
        if len(urlencode(params)) > LONGEST_LINK:
            params = {name: value for name, value in params.items() if name not in names}
    return params


def fits_link(view: ViewState) -> bool:
    """Whether a link can carry the texts and the saved views of `view`."""
    read, _notes = from_params(to_params(view))
    return all(getattr(read, name) == getattr(view, name) for name in ("saved", "lessons", *_TEXTS))


def for_others(view: ViewState) -> ViewState:
    """`view` as it is passed on to others: without a person's own answers and what they set up in the lessons."""
    return replace(view, answered=(), lessons="")


def from_params(params: Mapping[str, str]) -> tuple[ViewState, tuple[VizError, ...]]:
    """The valid view nearest to a link's parameters, and a note on each value that was ignored or bounded."""
    read = LinkValues(params)
    text, pair = DEFAULT.text, DEFAULT.pair
    if "text" in params:
        text, pair = read.text("text", DEFAULT.text), read.text("pair", "")
    view = ViewState(
        model=read.model("model", DEFAULT.model),
        text=text,
        pair=pair,
        layer=read.number("layer", DEFAULT.layer),
        head=read.number("head", DEFAULT.head),
        scope=read.choice("scope", get_args(Scope), DEFAULT.scope),
        specials=read.flag("specials", DEFAULT.specials),
        switches=read.parsed("show", unpack, PLAIN),
        measure=read.choice("measure", get_args(Measure), DEFAULT.measure),
        compare=read.choice("compare", get_args(Compare), DEFAULT.compare),
        other=read.text("other", DEFAULT.other),
        model2=read.model("model2", DEFAULT.model2),
        layer2=read.number("layer2", DEFAULT.layer2),
        head2=read.number("head2", DEFAULT.head2),
        stretch=read.flag("stretch", DEFAULT.stretch),
        target=read.text("target", ""),
        off=read.parsed("off", unpack_heads, ()),
        flow=read.choice("flow", get_args(Flow), DEFAULT.flow),
        depth=read.number("depth", DEFAULT.depth - 1) + 1,
        through=read.choice("through", get_args(Through), DEFAULT.through),
        over=read.choice("over", get_args(Over), DEFAULT.over),
        role_measure=read.choice("role_measure", get_args(RoleMeasure), DEFAULT.role_measure),
        weigh=read.choice("weigh", get_args(Weigh), DEFAULT.weigh),
        lessons=read.parsed("lessons", unpack_lessons, DEFAULT.lessons),
        answered=read.parsed("answered", unpack_answered, ()),
        saved=tuple(line for line in read.text("saved", "").split("\n")[:MOST_SAVED] if line),
        present=read.flag("present", DEFAULT.present),
        language=read.choice("lang", list(LANGUAGES), None) if "lang" in params else None,
    )
    notes = read.notes
    bounded = bound(view)
    for name in ("layer", "head", "layer2", "head2", "depth"):
        if getattr(bounded, name) != getattr(view, name) and name in params:
            layers, heads = _shape(view, name.endswith("2"))
            notes.append(
                InputError(
                    _("The link asked for {name} {number}; {model} has 1 to {count}. The nearest is shown."),
                    name=name,
                    number=params[name],
                    model=view.model2 if name.endswith("2") else view.model,
                    count=heads if name.startswith("head") else layers,
                )
            )
    if len(bounded.off) < len(view.off):
        notes.append(
            InputError(
                _("The link switches off heads that {model} does not have. They were ignored."),
                model=view.model,
            )
        )
    return bounded, tuple(notes)


def bound(view: ViewState) -> ViewState:
    """`view` with its layers and heads brought within what their models have, as far as that is known."""
    (layers, heads), (layers2, heads2) = _shape(view), _shape(view, second=True)
    return replace(
        view,
        layer=_within(view.layer, layers),
        head=_within(view.head, heads),
        layer2=_within(view.layer2, layers2),
        head2=_within(view.head2, heads2),
        depth=min(max(view.depth, 0), layers),
        off=within(view.off, *_first_shape(view)),
    )


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


def _within(number: int, count: int) -> int:
    return min(max(number, 0), count - 1)


def card_of(model_id: str) -> ModelCard | None:
    """What is known of a model that a view names; None before it was ever fetched, where no catalogue has it."""
    return find_card(model_id)


def example_of(view: ViewState) -> str | None:
    """The id of the example whose text the view shows, if it is one."""
    return next((e.id for e in EXAMPLES if (e.text, e.pair) == (view.text, view.pair)), None)
