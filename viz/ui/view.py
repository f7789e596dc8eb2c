"""ViewState: the one truth of what is on screen, and its way to a link and back.

Everything in a link is untrusted: parsed, bounded, and a bad value falls back with a note. Pure functions; the
view of a session is kept by `viz.ui.state`.
"""

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args
from urllib.parse import urlencode

from viz.errors import InputError, VizError
from viz.explorer.selection import Selection
from viz.messages import _
from viz.metrics.measures import Measure
from viz.metrics.roles import RoleMeasure
from viz.models.card import ModelCard
from viz.models.loading import find_card
from viz.models.names import check_allowed, parse_name
from viz.text import MAX_CHARACTERS, clean
from viz.ui.examples import EXAMPLES, FIRST, example
from viz.ui.i18n import LANGUAGES, Language
from viz.ui.off import Head, pack_heads, unpack_heads, within
from viz.ui.switches import PLAIN, pack, unpack

Scope = Literal["head", "layer", "model"]
Compare = Literal["texts", "models"]
Weigh = Literal["attention", "norm"]
Flow = Literal["rollout", "flow", "raw", "beside"]
Through = Literal["all", "chosen"]
Over = Literal["text", "english", "chinese", "grammar", "own"]
_Choice = TypeVar("_Choice", bound=str | None)

LONGEST_LINK = 6_000
FIRST_OTHER = example("street").text
_PACK_FROM = 600  # characters of a quoted text from which on it is compressed
_TEXTS = ("text", "pair", "other", "target")
_MOST = 256  # layers, or heads, of a model that nothing is known of yet
MOST_SAVED = 40
_PACKED = "~"  # marks a compressed text in a link


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
        params["text"] = _pack(view.text)
        if view.pair:
            params["pair"] = _pack(view.pair)
    for name in ("other", "target"):
        if getattr(view, name) != getattr(DEFAULT, name):
            params[name] = _pack(getattr(view, name))
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
    if view.saved:
        params["saved"] = _pack("\n".join(view.saved))
    if view.language:
        params["lang"] = view.language
    for names in (("saved",), _TEXTS):
        if len(urlencode(params)) > LONGEST_LINK:
            params = {name: value for name, value in params.items() if name not in names}
    return params


def fits_link(view: ViewState) -> bool:
    """Whether a link can carry the texts and the saved views of `view`."""
    read, _notes = from_params(to_params(view))
    return all(getattr(read, name) == getattr(view, name) for name in ("saved", *_TEXTS))


def from_params(params: Mapping[str, str]) -> tuple[ViewState, tuple[VizError, ...]]:
    """The valid view nearest to a link's parameters, and a note on each value that was ignored or bounded."""
    notes: list[VizError] = []
    text, pair = DEFAULT.text, DEFAULT.pair
    if "text" in params:
        text = _read_text(params, "text", DEFAULT.text, notes)
        pair = _read_text(params, "pair", "", notes)
    view = ViewState(
        model=_read_model(params, "model", DEFAULT.model, notes),
        text=text,
        pair=pair,
        layer=_read_number(params, "layer", DEFAULT.layer, notes),
        head=_read_number(params, "head", DEFAULT.head, notes),
        scope=_read_choice(params, "scope", get_args(Scope), DEFAULT.scope, notes),
        specials=_read_choice(params, "specials", ("1", "0"), "1", notes) == "1",
        switches=_read_switches(params, notes),
        measure=_read_choice(params, "measure", get_args(Measure), DEFAULT.measure, notes),
        compare=_read_choice(params, "compare", get_args(Compare), DEFAULT.compare, notes),
        other=_read_text(params, "other", DEFAULT.other, notes),
        model2=_read_model(params, "model2", DEFAULT.model2, notes),
        layer2=_read_number(params, "layer2", DEFAULT.layer2, notes),
        head2=_read_number(params, "head2", DEFAULT.head2, notes),
        stretch=_read_choice(params, "stretch", ("1", "0"), "0", notes) == "1",
        target=_read_text(params, "target", "", notes),
        off=_read_off(params, notes),
        flow=_read_choice(params, "flow", get_args(Flow), DEFAULT.flow, notes),
        depth=_read_number(params, "depth", DEFAULT.depth - 1, notes) + 1,
        through=_read_choice(params, "through", get_args(Through), DEFAULT.through, notes),
        over=_read_choice(params, "over", get_args(Over), DEFAULT.over, notes),
        role_measure=_read_choice(params, "role_measure", get_args(RoleMeasure), DEFAULT.role_measure, notes),
        weigh=_read_choice(params, "weigh", get_args(Weigh), DEFAULT.weigh, notes),
        saved=tuple(line for line in _read_text(params, "saved", "", notes).split("\n")[:MOST_SAVED] if line),
        present=_read_choice(params, "present", ("1", "0"), "0", notes) == "1",
        language=_read_choice(params, "lang", list(LANGUAGES), None, notes) if "lang" in params else None,
    )
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


def _ignored(name: str, value: str) -> VizError:
    return InputError(
        _("The link's value for {name} is not one this app knows: {value}. It was ignored."),
        name=name,
        value=value,
    )


def _read_choice(
    params: Mapping[str, str], name: str, choices: Sequence[_Choice], default: _Choice, notes: list[VizError]
) -> _Choice:
    value = params.get(name)
    for choice in choices:
        if choice == value:
            return choice
    if value is not None:
        notes.append(_ignored(name, value))
    return default


def _read_model(params: Mapping[str, str], name: str, default: str, notes: list[VizError]) -> str:
    if name not in params:
        return default
    try:
        found = parse_name(params[name])
        check_allowed(found)
    except VizError as error:
        notes.append(
            InputError(_("The link's value for {name} was ignored. {reason}"), name=name, reason=error)
        )
        return default
    return str(found)


def _read_number(params: Mapping[str, str], name: str, default: int, notes: list[VizError]) -> int:
    value = params.get(name)
    if value is None:
        return default
    if value.isascii() and value.lstrip("-").isdigit() and len(value) <= 9:
        return int(value) - 1
    notes.append(_ignored(name, value))
    return default


def _read_switches(params: Mapping[str, str], notes: list[VizError]) -> Selection:
    if "show" not in params:
        return PLAIN
    try:
        return unpack(params["show"])
    except ValueError:
        notes.append(_ignored("show", params["show"]))
        return PLAIN


def _read_off(params: Mapping[str, str], notes: list[VizError]) -> tuple[Head, ...]:
    if "off" not in params:
        return ()
    try:
        return unpack_heads(params["off"])
    except ValueError:
        notes.append(_ignored("off", params["off"]))
        return ()


def _read_text(params: Mapping[str, str], name: str, default: str, notes: list[VizError]) -> str:
    value = params.get(name)
    if value is None:
        return default
    try:
        text = _unpack(value)
    except (ValueError, zlib.error, binascii.Error):
        notes.append(_ignored(name, value))
        return default
    if len(text) > MAX_CHARACTERS:
        notes.append(
            InputError(
                _("The link's text has {length:,} characters; at most {limit:,} are taken. It was ignored."),
                length=len(text),
                limit=MAX_CHARACTERS,
            )
        )
        return default
    return clean(text)


def _pack(text: str) -> str:
    """A text for a link: as it is when short, else compressed, as URL-safe base64 behind a mark."""
    plain = ("~" + text) if text.startswith(_PACKED) else text
    if len(urlencode({"": plain})) <= _PACK_FROM:
        return plain
    squeezed = zlib.compress(text.encode("utf-8"), 9)
    return _PACKED + "z" + base64.urlsafe_b64encode(squeezed).decode("ascii").rstrip("=")


def _unpack(value: str) -> str:
    """The text of a link. Raises ValueError, zlib.error or binascii.Error on a value that holds none."""
    if not value.startswith(_PACKED):
        return value
    if value.startswith(_PACKED * 2):
        return value[1:]
    if not value.startswith(_PACKED + "z"):
        raise ValueError(value[:2])
    squeezed = base64.b64decode(value[2:] + "=" * (-len(value[2:]) % 4), altchars=b"-_", validate=True)
    # Bounded: a few bytes can hold a text of gigabytes.
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(squeezed, 4 * MAX_CHARACTERS + 4)
    if not unpacker.eof:
        raise ValueError("too long, or cut off")
    return raw.decode("utf-8")
