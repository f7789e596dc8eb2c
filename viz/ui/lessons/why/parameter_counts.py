"""How many parameters: what those of the loaded model are for, and how the numbers of well-known ones grew."""

import streamlit as st

from viz.lessons.why.published_sizes import PUBLISHED, published, times_a_year
from viz.models import LoadedModel
from viz.models.families.parameters import Group, Role, by_role, total
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.bars import bars
from viz.pictures.figures.charts.point_charts import Point, growth_chart
from viz.ui.exhibits.downloads import columns_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import Panel
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import counted

_TICKS = [10.0**power for power in range(5, 14)]


def role_names() -> dict[Role, str]:
    """What parameters are for, in the session's language."""
    return {
        "token": tr("Token embedding"),
        "position": tr("Positions"),
        "segment": tr("Segments"),
        "query": tr("Queries, W_Q"),
        "key": tr("Keys, W_K"),
        "value": tr("Values, W_V"),
        "output": tr("Output of attention, W_O"),
        "feed_forward": tr("Feed-forward"),
        "norm": tr("Norms"),
        "relative": tr("Relative positions"),
        "pooler": tr("Pooler"),
        "head": tr("Linear + softmax"),
        "other": tr("Other"),
    }


def made_of(model: LoadedModel, groups: tuple[Group, ...]) -> Panel:
    """The parts of the loaded model's parameters, as a picture and as numbers."""
    names, counts, whole = role_names(), by_role(groups), total(groups)
    ordered = sorted(counts, key=lambda role: -counts[role])
    say("All parameters", model=code_span(model.card.title), whole=whole, said=counted(whole))
    labels, shares = [names[role] for role in ordered], [counts[role] / whole for role in ordered]
    axis = tr("Share of all parameters")
    title = tr("What the parameters of {model} are for", model=model.card.title)
    columns = {
        tr("Part"): labels,
        tr("Parameters"): [counts[role] for role in ordered],
        tr("Share"): shares,
    }
    exhibit = Exhibit(
        (model.card.id, model.revision),
        "parameters",
        title,
        lambda style: bars(shares, labels, title, axis, style),
        columns_csv(columns),
        title,
    )
    with exhibit.with_numbers():
        numbers(columns, {tr("Parameters"): "localized", tr("Share"): "percent"})
        if "pooler" in counts or "other" in counts:
            st.caption(prose("Pooler and others"))
    return Panel(tr("{whole:,} parameters in all.", whole=whole), exhibit.draw)


def grown(model: LoadedModel, whole: int) -> Panel:
    """How the numbers of parameters grew, the loaded model's among them."""
    first, last = published("Transformer big"), PUBLISHED[-1]
    say(
        "How models grew",
        first=first.name,
        first_year=first.year,
        last=last.name,
        last_year=last.year,
        times=last.parameters / first.parameters,
        yearly=times_a_year(),
    )
    says = PlotText(tr("Parameters of well-known models"), tr("Year of the paper"), tr("Parameters"))
    points = [
        Point(known.name, known.year, known.parameters, counted(known.parameters, brief=True))
        for known in PUBLISHED
    ]
    level = Point(model.card.title, 0, whole, counted(whole, brief=True))
    ticks = {count: counted(count, brief=True) for count in _TICKS}
    columns = {
        tr("Model"): [known.name for known in PUBLISHED],
        tr("Year"): [known.year for known in PUBLISHED],
        tr("Parameters"): [known.parameters for known in PUBLISHED],
        tr("Source"): [known.source for known in PUBLISHED],
    }
    exhibit = Exhibit(
        (model.card.id, whole),
        "growth",
        says.title,
        lambda style: growth_chart(points, says, ticks, style, level=level),
        columns_csv(columns),
        says.title,
    )
    exhibit.show()
    year = st.column_config.NumberColumn(format="%d", width=60)
    numbers(columns, {tr("Year"): year, tr("Parameters"): "localized"}, width="content")
    st.caption(prose("Switch Transformers"))
    return Panel(tr("Numbers as their papers give them; each line is ten times the one below."), exhibit.draw)
