"""Addresses of weights: the same for all who are shown them, and nothing for whoever guesses."""

import gc
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.types import Message, Scope

from tests.apps import complete
from tests.pictures.explorer.messages import read
from tests.pictures.explorer.samples import attention, encoding
from viz.pictures.explorer.payload import Block, Payload, encode
from viz.serving.weights_route import WeightsRoute

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def payload() -> Payload:
    return encode([attention(4, 2, encoding(9))], budget=1)


@pytest.fixture
def route() -> WeightsRoute:
    served = WeightsRoute()
    served.is_served = True
    return served


def ask(route: WeightsRoute, path: str, method: str = "GET", base: str = "") -> Answer:
    """What a server with nothing but the route answers."""
    sent: list[Message] = []
    scope: Scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    complete(Starlette(routes=[route.route(base)])(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent)


def test_the_weights_are_there_and_the_browser_keeps_them(route: WeightsRoute, payload: Payload) -> None:
    status, headers, body = ask(route, f"/{route.address(payload)}")
    assert (status, body) == (200, payload.first)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["cache-control"] == "private, max-age=3600, immutable"
    assert headers["content-encoding"] == "identity"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "set-cookie" not in headers


def test_a_layer_that_comes_later_has_an_address_below(route: WeightsRoute, payload: Payload) -> None:
    status, _headers, body = ask(route, f"/{route.address(payload)}/0.3")
    assert status == 200
    assert set(read(body, read(payload.first).header).weights) == {(0, 3)}


def test_a_layer_is_packed_once_for_all(
    route: WeightsRoute, payload: Payload, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[Sequence[Block]] = []
    more = Payload.more

    def counted(self: Payload, blocks: Sequence[Block]) -> bytes:
        packed.append(blocks)
        return more(self, blocks)

    monkeypatch.setattr(Payload, "more", counted)
    address = route.address(payload)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: ask(route, f"/{address}/0.2"), range(8)))
    assert len({body for _status, _headers, body in answers}) == 1
    assert packed == [[(0, 2)]]


def test_the_server_may_be_in_a_folder_of_its_site(route: WeightsRoute, payload: Payload) -> None:
    address = route.address(payload)
    for base in ("atlas", "/atlas/"):
        assert ask(route, f"/atlas/{address}", base=base)[0] == 200
        assert ask(route, f"/{address}", base=base)[0] == 404


def test_one_text_has_one_address_and_another_another(route: WeightsRoute, payload: Payload) -> None:
    same, other = encode([attention(4, 2, encoding(9))], budget=1), encode([attention(4, 2, encoding(8))])
    assert route.address(payload) == route.address(same)
    assert route.address(payload) != route.address(other)
    assert re.fullmatch(r"weights/[0-9a-f]{64}", route.address(payload))


def test_who_knows_the_text_does_not_know_its_address(route: WeightsRoute, payload: Payload) -> None:
    """Another process has another secret, and the name of the content is no part of the address."""
    stranger = WeightsRoute()
    stranger.is_served = True
    own, guessed = route.address(payload), stranger.address(payload)
    assert guessed != own
    assert ask(route, f"/{guessed}")[0] == 404
    assert not any(part in own for part in payload.id.split("."))


def altered(address: str) -> list[str]:
    name = address.removeprefix("weights/")
    turned = name[:-1] + ("0" if name[-1] != "0" else "1")
    return [
        "", name[:-1], name + "0", turned, name.upper(), f"{name}/", f"{name}/0.0", f"{name}/9.9", f"{name}/..",
        f"{name}/0.3/", f"{name}/٠.٣", f"../weights/{name}", "*", "0" * 64, f"{'0' * 64}/0.3",
        "../../etc/passwd", "x" * 10_000,
    ]  # fmt: skip


def test_whatever_else_is_asked_gets_one_and_the_same_answer(route: WeightsRoute, payload: Payload) -> None:
    answers = [ask(route, f"/weights/{path}") for path in altered(route.address(payload))]
    assert answers == [(404, {"cache-control": "no-store", "content-length": "0"}, b"")] * len(answers)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_it_is_only_to_be_read(route: WeightsRoute, payload: Payload, method: str) -> None:
    answers = [ask(route, f"/{path}", method) for path in (route.address(payload), "weights/x")]
    assert answers == [(405, {"allow": "GET", "cache-control": "no-store", "content-length": "0"}, b"")] * 2


def test_an_address_ends_with_the_last_who_holds_the_payload(route: WeightsRoute) -> None:
    payload = encode([attention(1, 1, encoding(5))])
    address = route.address(payload)
    assert ask(route, f"/{address}")[0] == 200
    del payload
    gc.collect()
    assert ask(route, f"/{address}")[0] == 404


def test_without_a_server_there_is_none(payload: Payload) -> None:
    assert WeightsRoute().address(payload) == ""
