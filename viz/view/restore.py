"""From a view to the settings that a bundle keeps, and back from a bundle that anyone may have made."""

from dataclasses import replace

from viz.errors import ModelNotFound, VizError
from viz.language import _
from viz.models.model_name import check_allowed, parse_name
from viz.pictures.export import Provenance
from viz.view.link import from_params, to_params
from viz.view.state import DEFAULT, ViewState

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
