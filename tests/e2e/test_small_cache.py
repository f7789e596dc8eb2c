"""A server whose cache holds no text: what a page has let go of is computed again when the browser asks for it."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import NewPage
from tests.e2e.explorer import EXCHANGE, computed, link
from tests.e2e.test_explorer_exact import of_length
from tests.harness import server as servers
from tests.harness.server import Server
from viz.inputs.examples import FIRST
from viz.pictures.explorer.payload import encode

MODEL = "multilingual-e5-small"
SOME_WITHIN_S = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("small") / "server.log"
    small = {"ATTENTION_ATLAS_CACHE_MB": "1"}
    with servers.running(servers.ROOT / "app.py", log, environment=small) as started:
        yield started


def test_further_layers_still_come(new_page: NewPage) -> None:
    text = of_length(MODEL, 184)
    payload = encode(computed(text, None, MODEL).maps, layer=FIRST.layer)
    assert payload.left
    assert sum(each.weights.nbytes for each in payload.maps) > 2**20, "more than the cache holds"
    page = new_page(link(text=text, model=MODEL))
    page.wait_for_function(
        f"id => {EXCHANGE}?.attention(id)?.layers[0].filter(layer => layer !== null).length > 2",
        arg=payload.id,
        timeout=SOME_WITHIN_S * 1000,
    )
