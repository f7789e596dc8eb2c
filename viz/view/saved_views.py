"""Views that are kept: saved ones to step through, all in one link, and the settings in a bundle.

Both are believed no more than a link is: anyone may have made them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from viz.errors import ModelNotFound, VizError
from viz.language import _
from viz.models.model_name import check_allowed, parse_name
from viz.pictures.export import Provenance
from viz.view.link import LONGEST_LINK, from_params, to_params
from viz.view.state import DEFAULT, MOST_SAVED, ViewState

_NOT_SAVED = ("saved", "present", "language", "answered")


@dataclass(frozen=True)
class Stop:
    """One saved view, and the page that it is seen on ("" is the first page)."""

    page: str
    view: ViewState


def save(view: ViewState, page: str) -> tuple[str, ...]:
    """The list of `view` with itself, as seen on `page`, at the end; at most `MOST_SAVED`."""
    return (*view.saved, f"{page}?{urlencode(to_params(_bare(view)))}")[-MOST_SAVED:]


def stops(saved: tuple[str, ...], pages: Collection[str]) -> list[Stop]:
    """The saved views of a link, whatever is in it: each the nearest valid one, on one of the app's `pages`."""
    walk = []
    for line in saved[:MOST_SAVED]:
        page, _mark, query = line.partition("?")
        params = dict(parse_qsl(query[:LONGEST_LINK], keep_blank_values=True))
        view, _notes = from_params(params)
        walk.append(Stop(page if page in pages else "", _bare(view)))
    return walk


def position(view: ViewState, page: str, walk: list[Stop]) -> int | None:
    """The index of the saved view that is on screen; None if none is."""
    on_screen = (page, _bare(view))
    return next((index for index, stop in enumerate(walk) if (stop.page, stop.view) == on_screen), None)


def shown(view: ViewState, stop: Stop) -> ViewState:
    """`stop`'s view, with the walk, the mode, the language and the answers of `view`."""
    kept = {name: getattr(view, name) for name in _NOT_SAVED}
    return replace(stop.view, **kept)


def _bare(view: ViewState) -> ViewState:
    return replace(view, **{name: getattr(DEFAULT, name) for name in _NOT_SAVED})


# Texts are kept whole, and a reader has their own language.
_NOT_KEPT = ("text", "pair", "other", "target", "present", "lang")


def settings_of(view: ViewState) -> dict[str, str]:
    """What a link would say of `view`, the texts left out, layer and head always in: they count from 1."""
    bare = replace(view, text=DEFAULT.text, pair=DEFAULT.pair, other=DEFAULT.other, target=DEFAULT.target)
    params = to_params(bare)
    kept = {name: value for name, value in params.items() if name not in _NOT_KEPT}
    return {**kept, "layer": str(view.layer + 1), "head": str(view.head + 1)}


def view_of(provenance: Provenance) -> tuple[ViewState, tuple[VizError, ...]]:
    """The view that a bundle was made of, and a note on each setting that was ignored or bounded.

    Its settings are believed no more than a link's. Raises `ModelNotFound` where its model cannot be used here.
    """
    try:
        check_allowed(parse_name(provenance.model))
    except VizError as error:
        raise ModelNotFound(
            _("The bundle was made with the model {model}, which cannot be used here. {reason}"),
            model=provenance.model,
            reason=error,
        ) from error
    settings = {name: value for name, value in provenance.settings.items() if name not in _NOT_KEPT}
    view, notes = from_params({**settings, "model": provenance.model})
    other = view.other if provenance.other is None else provenance.other
    pair, target = provenance.pair or "", provenance.target or ""
    return replace(view, text=provenance.text, pair=pair, target=target, other=other), notes
