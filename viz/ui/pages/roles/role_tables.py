"""The roles of heads on a page: a picture of all, a table that sorts, and each number they follow from."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from viz.metrics.measures import ranked_heads
from viz.metrics.role_labels import Evidence, Role, RoleName
from viz.metrics.role_measures import MEASURES
from viz.models.card import Kind
from viz.pictures.export import csv_table
from viz.pictures.figures.heat_maps.category_grid import category_grid
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.exhibit import Exhibit, head_map, numbered
from viz.ui.exhibits.layout import scaled
from viz.ui.exhibits.tables import numbers, ticked_row
from viz.ui.pages.roles import role_words
from viz.ui.pages.roles.role_measurement import Measured
from viz.ui.session import change, go, tr, view
from viz.ui.widgets.bound_widgets import choice_box, in_language
from viz.ui.wording.names import head_name, measured_number
from viz.view.state import ViewState

_EXPLORER = "pages/explore.py"
_PICTURE, _TABLE = 680, 640  # pixels


def roles(measurement: Measured, state: ViewState) -> None:
    """The role of each head, as a picture and as a table in which a tick opens the head in the explorer."""
    kinds = role_words.role_categories()
    order: list[RoleName | None] = list(kinds)
    values = np.array([[order.index(role.name) for role in layer] for layer in measurement.roles])
    row = st.container(horizontal=True, gap="medium")
    left, right = row.container(width=scaled(_PICTURE)), row.container(width=scaled(_TABLE))
    title = tr("The role of every head") if measurement.halves else tr("The role of every head in this text")
    text = MatrixText(title, tr("Layer"), tr("Head"), "")
    names = numbered(values.shape[0]), numbered(values.shape[1])
    with left:
        Exhibit(
            (measurement.key, "grid"),
            f"{measurement.model}-roles",
            tr("A row for each layer, a column for each head: {title}.", title=title),
            lambda style: category_grid(values, list(kinds.values()), *names, text, style),
            csv_of(measurement),
            captioned(measurement, title),
        ).show()
    with right:
        layers, heads = values.shape  # those of the view may be of another kind of map
        here = measurement.roles[min(state.layer, layers - 1)][min(state.head, heads - 1)]
        st.markdown(f"{head_name(here.layer, here.head)}: {role_words.about_head(here)}")
        _table(measurement, list(kinds.values())[-1].name)


def _table(measurement: Measured, none: str) -> None:
    roles = [role for layer in measurement.roles for role in layer]
    narrow, config = st.column_config.NumberColumn(width=45), st.column_config
    ticked = ticked_row(
        {
            tr("Layer"): [role.layer + 1 for role in roles],
            tr("Head"): [role.head + 1 for role in roles],
            tr("Role"): [role_words.role_name(role.name) if role.name else none for role in roles],
            tr("Strength"): [max(0.0, role.nearest.strength) for role in roles],
            tr("Measured against uniform"): [_why(role) for role in roles],
            tr("Queries"): [role.nearest.count for role in roles],
            tr("Other roles"): [", ".join(map(_name, role.others)) for role in roles],
        },
        {
            tr("Layer"): narrow,
            tr("Head"): narrow,
            tr("Role"): config.TextColumn(width=145),
            tr("Strength"): config.ProgressColumn(width=95, format="%.2f", min_value=0.0, max_value=1.0),
            tr("Measured against uniform"): config.TextColumn(width=205),
            tr("Queries"): config.NumberColumn(width=75),
        },
        in_language("w_roles_table"),
        420,
    )
    st.caption(tr("Click a column's name to sort by it. Tick a row to open that head in the explorer."))
    if ticked is not None:
        open_head(roles[ticked].layer, roles[ticked].head, measurement.kind)


def _name(evidence: Evidence) -> str:
    return role_words.role_name(evidence.name)


def _why(role: Role) -> str:
    """Why a head has its role; where it has none, what came nearest to one."""
    said = role_words.evidence(role.nearest)
    return said if role.name else tr("{name}: {evidence}", name=_name(role.nearest), evidence=said)


def open_head(layer: int, head: int, kind: Kind) -> None:
    """Take that head in hand and go to the explorer."""
    change(layer=layer, head=head, switches=replace(view().switches, kind=kind))
    go(_EXPLORER)


def one_measure(measurement: Measured, state: ViewState) -> None:
    """One number of every head, chosen from all that are measured, beside what uniform attention would give."""
    titles = role_words.measure_titles()
    measure = state.role_measure
    if not state.present:
        choice_box(tr("Number"), titles, "role_measure", "w_role_measure")
    values = measurement.measures.value(measure)
    uniform = float(measurement.measures.uniform[MEASURES.index(measure)])
    if np.isnan(values).all():
        st.info(
            tr("There is nothing to measure this on here: {title}.", title=titles[measure]),
            icon=":material/info:",
        )
        return
    share = measured_number(measure, 0.0).endswith("%")
    exhibit = head_map(
        (measurement.key, measure),
        f"{measurement.model}-role-{measure}",
        values,
        titles[measure],
        caption=captioned(measurement, titles[measure]),
        highest=1.0 if share else None,
    )
    with exhibit.with_numbers():
        st.markdown(
            tr(
                "Uniform attention would give **{uniform}** on the same texts. Measured on {count} queries.",
                uniform=measured_number(measure, uniform),
                count=f"{int(measurement.measures.counts[MEASURES.index(measure)]):,}",
            )
        )
        heads = ranked_heads(values, values.size)
        config, form = st.column_config, "percent" if share else "%.2f"
        columns = {
            tr("Head"): [head_name(*head) for head in heads],
            titles[measure]: [float(values[head]) for head in heads],
            tr("Role"): [role_words.role_name(measurement.roles[layer][head].name) for layer, head in heads],
        }
        formats = {
            tr("Head"): config.TextColumn(width=145),
            titles[measure]: config.NumberColumn(width=145, format=form),
            tr("Role"): config.TextColumn(width=150),
        }
        numbers(columns, formats, 380)


def captioned(measurement: Measured, title: str) -> str:
    """What stands below an exported picture."""
    return " · ".join([measurement.model, title, measurement.name])


def csv_of(measurement: Measured) -> Callable[[], bytes]:
    """What makes the CSV of every head with its role and all that was measured.

    Its first row is what uniform attention would give, the second of how many queries each number was measured.
    """
    measures, titles = measurement.measures, role_words.measure_titles()
    names = {name: category.name for name, category in role_words.role_categories().items()}
    head = [tr("Layer"), tr("Head"), tr("Role"), tr("Strength"), tr("Strength needed"), tr("Queries")]
    order = [MEASURES.index(measure) for measure in titles]
    uniform, queries = tr("Uniform attention"), tr("Queries")

    def make() -> bytes:
        rows: list[list[str | int | float]] = [
            ["", "", uniform, "", "", "", *measures.uniform[order].tolist()],
            ["", "", queries, "", "", "", *measures.counts[order].astype(int).tolist()],
        ]
        for role in (role for layer in measurement.roles for role in layer):
            near, numbers = role.nearest, measures.values[order, role.layer, role.head].tolist()
            place = role.layer + 1, role.head + 1
            rows.append([*place, names[role.name], near.strength, near.needed, near.count, *numbers])
        return csv_table([*head, *titles.values()], rows)

    return make
