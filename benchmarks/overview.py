"""Every head of every layer in one picture, against the plain script, which draws them layer by layer."""

from collections.abc import Iterator

from benchmarks.first_picture import DPI, text_of
from benchmarks.timing import Row, compare
from benchmarks.tutorial import interaction
from viz.attention import attend
from viz.models import LoadedModel, load_model
from viz.pictures.figures import overview, to_png

AT_MOST = 1 / 50


def run() -> Iterator[Row]:
    """All heads at 29 tokens; then at 512, where the plain script draws but one: all would take half an hour."""
    model = load_model("all-MiniLM-L6-v2")
    yield _row(model, 29, range(model.card.layers), range(model.card.heads), AT_MOST)
    yield _row(model, 512, range(1), range(1), None)


def _row(model: LoadedModel, tokens: int, layers: range, heads: range, at_most: float | None) -> Row:
    text = text_of(model, tokens)
    found = attend(model, text).encoder

    def plain() -> None:
        for layer in layers:
            interaction(model.model, model.tokenizer, text, layer, heads)

    return compare(
        f"{tokens} tokens",
        f"all {found.layers * found.heads} heads",
        lambda: to_png(overview(found), DPI),
        f"plain script, {len(layers) * len(heads)} of them",
        plain,
        at_most,
    )
