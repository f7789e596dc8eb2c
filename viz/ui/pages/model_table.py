"""All models of the catalogue as one table that a person can narrow down."""

import streamlit as st
from babel import Locale

from viz.models import ModelCard, availability, list_models
from viz.models.loading import is_here
from viz.ui.exhibits.tables import by_rows, numbers
from viz.ui.session import tag, tr
from viz.ui.wording.names import kind_names
from viz.ui.wording.plain_text import message_of
from viz.ui.wording.written_numbers import megabytes

_HEIGHT = 420


def table() -> None:
    """A box to filter by, and a row a model; below it what is wrong with those that should always be there."""
    wanted = st.text_input(
        tr("Filter"), placeholder=tr("Part of a name, a language, a licence …"), key="w_filter"
    )
    rows = [_row(card) for card in list_models()]
    matching = [row for row in rows if all(word in _written(row) for word in wanted.casefold().split())]
    if matching:
        formats = {
            tr("Tokens"): st.column_config.NumberColumn(width="small"),
            tr("What it is"): st.column_config.Column(width="large"),
        }
        columns = by_rows(list(matching[0]), [list(row.values()) for row in matching])
        numbers(columns, formats, "content" if len(matching) < 10 else _HEIGHT)
    else:
        st.info(tr("No model of the list has all of these words."), icon=":material/search_off:")
    for card in list_models():
        if card.source == "embedded" and (missing := availability(card.id)):
            st.info(message_of(missing), icon=":material/info:")


def _row(card: ModelCard) -> dict[str, object]:
    names = kind_names()
    note = f" ({tr(card.weights_note)})" if card.weights_note else ""
    return {
        tr("Model"): card.id + note,
        tr("Availability"): _where(card),
        tr("Languages"): ", ".join(_language_name(code) for code in card.languages),
        tr("Layers × heads"): _shape(card),
        tr("Attention"): ", ".join(names[kind] for kind in card.kinds),
        tr("Tokens"): card.max_tokens,
        tr("Licence"): tr(card.licence) if card.licence else tr("see its page"),
        tr("What it is"): tr(card.about),
    }


def _language_name(code: str) -> str:
    names = Locale.parse(tag(), sep="-").languages
    return tr("many") if code == "mul" else str(names.get(code.split("-")[0], code))


def _shape(card: ModelCard) -> str:
    first = f"{card.layers} × {card.heads}"
    return f"{first} + {card.decoder_layers} × {card.decoder_heads}" if card.decoder_layers else first


def _where(card: ModelCard) -> str:
    if card.source == "embedded":
        return tr("in the app")
    if is_here(card.id):
        return tr("on this computer")
    return tr("to download, {size}", size=megabytes(card.nbytes)) if card.nbytes else tr("to download")


def _written(row: dict[str, object]) -> str:
    return " ".join(str(value) for value in row.values()).casefold()
