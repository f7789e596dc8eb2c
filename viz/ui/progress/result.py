"""From the view to its result, with words where it takes time and where it fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.attention import AttentionResult
from viz.errors import VizError
from viz.inputs.text import Encoding, check_length
from viz.language import _
from viz.models import LoadedModel
from viz.ui.components.marked_text import TextPart, marked_text
from viz.ui.progress import work
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.shared_results import result_held, shared_result
from viz.ui.session import fit, tr, trn, view
from viz.ui.wording.plain_text import message_of, show_error, visible


def analysed() -> AttentionResult | None:
    """The result of the session's view; None where there is no text or an error was shown in its place."""
    state = view()
    if not state.text.strip():
        st.info(
            tr("Type or paste a text above, or choose an example, to see its attention."),
            icon=":material/edit:",
        )
        return None
    try:
        for text in (state.text, state.pair, state.target):
            check_length(text)
        model = loaded_model(state.model)
        if model is None:
            return None
        for note in model.notes:
            st.info(message_of(note), icon=":material/info:")
        with st.spinner(tr("Reading the text with every head of every layer …")):
            result = result_in_turn(model, state.text, state.pair, state.target)
    except VizError as error:
        show_error(error)
        return None
    on_screen = result.map_of(state.switches.kind)
    fit(on_screen.layers, on_screen.heads)
    return result


_LONGEST = 600  # characters of what a model has written


def written(result: AttentionResult, key: str = "written") -> None:
    """What the model has written itself, said as such."""
    if not result.generated:
        return
    text = " ".join(result.target.split())
    if not text:
        st.caption(tr("Written by the model (greedy generation): nothing at all."))
        return
    st.caption(tr("Written by the model (greedy generation):"))
    shown = visible(text[:_LONGEST]) + ("…" if len(text) > _LONGEST else "")
    marked_text([TextPart(shown)], tr("What the model has written"), key=key)


TEXTS, PICTURES = "texts", "pictures"  # the lanes


@contextmanager
def in_turn(lane: str) -> Iterator[None]:
    """Hold one of the places of `lane`, once those who came before have had theirs.

    Whoever waits reads which number they are; who leaves, or asks for something else, gives up their number at once.
    """
    places: list[DeltaGenerator] = []

    def tell(ahead: int) -> None:
        if not places:
            places.append(st.empty())
        # Said again and again: these are the moments in which Streamlit may end this run.
        say_busy(places[0], ahead)

    with work.turn(lane, tell):
        if places:
            places[0].empty()
        yield


def say_busy(place: DeltaGenerator, ahead: int) -> None:
    """Tell in `place` how many come before."""
    place.info(
        tr("This server is busy: you are number {number}. It goes on by itself.", number=ahead + 1),
        icon=":material/hourglass_top:",
    )


def result_in_turn(model: LoadedModel, text: str, pair: str, target: str = "") -> AttentionResult:
    """What `shared_result` gives: at once where it is there, else in its turn. Raises what `attend` raises."""
    if (result := result_held(model, text, pair, target)) is not None:
        return result
    with in_turn(TEXTS):
        return shared_result(model, text, pair, target)


_BEFORE_CUT, _LONGEST_CUT = 120, 400  # characters shown on either side of where a text was cut


def token_count(result: AttentionResult) -> None:
    """How many tokens there are against the limit, and in words what was cut; of the decoder's text too."""
    read = result.maps[0].queries
    limit = result.card.max_tokens
    if read.truncation is None:
        said = tr("{count} of at most {limit} tokens.", count=len(read), limit=limit)
        if len(result.maps) > 1:
            said += " " + tr("Target text: {count} tokens.", count=len(result.decoder.queries))
        st.caption(said)
    else:
        _say_cut(read, limit, "cut")
    written(result)
    if len(result.maps) > 1 and result.decoder.queries.truncation is not None:
        _say_cut(result.decoder.queries, limit, "cut_target")


def _say_cut(read: Encoding, limit: int, key: str) -> None:
    cut = read.truncation
    if cut is None:
        return
    st.warning(
        tr(
            _(
                "The text has {total} tokens; this model reads at most {limit}. The last {lost} are not analysed: they "
                "are struck out below."
            )
            if key == "cut"
            else _(
                "The target text has {total} tokens; this model reads at most {limit}. The last {lost} are not "
                "analysed: they are struck out below."
            ),
            total=cut.total,
            limit=limit,
            lost=cut.total - cut.kept,
        ),
        icon=":material/content_cut:",
    )
    parts: list[TextPart] = []
    for source, start in ((read.text, cut.text_from), (read.pair or "", cut.pair_from)):
        if start is not None:
            parts += [
                TextPart("… " + visible(source[max(0, start - _BEFORE_CUT) : start])),
                *_cut(source[start:]),
            ]
    marked_text(parts, tr("The end of what was read, and what was cut off"), key=key)


def _cut(rest: str) -> list[TextPart]:
    parts = [TextPart(visible(rest[:_LONGEST_CUT]), cut=True)]
    if (over := len(rest) - _LONGEST_CUT) > 0:
        more = trn(" … and {count} more character", " … and {count} more characters", over)
        parts.append(TextPart(more, cut=True))
    return parts
