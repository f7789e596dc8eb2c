"""One of many at once who use the app by the protocol that a browser speaks with Streamlit's server.

async with visitor(server.url) as person:
    await person.open("")
    await person.give("text_area", "Text", "The cat sat.")
    person.pictures          # what the pictures of the page show, in words

What a browser does by itself is done here: it names the messages it has kept, so that they are not sent again, it runs
the parts of a page anew that are to look after a work, and forgets the values of boxes that are gone. A person scrolls
to the end of each page, and so has all of it drawn.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.harness.scrolled import all_seen

ANSWER_WITHIN_S = 60
_KEPT_RUNS = 2  # for how long a browser keeps a large message that is not shown again

Box = Literal["number_input", "text_area"]


class Visitor:
    """A session of its own with a server. Made by `visitor`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._page = self._query = ""
        self._states: dict[str, WidgetState] = {}
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._runs = 0
        self._looks_after: dict[str, float] = {}  # part of the page -> seconds between its runs
        self.elements: list[Element] = []

    @property
    def pictures(self) -> list[str]:
        """What the pictures of the page show, in words."""
        return [image.alt for each in self.elements if each.HasField("imgs") for image in each.imgs.imgs]

    @property
    def said(self) -> list[str]:
        """What the page says beside its content."""
        return [each.alert.body for each in self.elements if each.HasField("alert")]

    async def open(self, path: str) -> None:
        """Open a page as by a click on its name. Raises as `give` does."""
        await self._run(ClientState(page_name=path))

    async def give(self, box: Box, label: str, value: str | int) -> None:
        """Put a value into the box of that label, and wait until all that follows is drawn.

        Raises RuntimeError where there is no such box, or the page says that something went wrong; TimeoutError where
        it is not drawn within a minute.
        """
        found = [getattr(each, box) for each in self.elements if each.HasField(box)]
        at = next((each.id for each in found if each.label == label), None)
        if at is None:
            raise RuntimeError(f"There is no {label} among {[each.label for each in found]}")
        state = WidgetState(id=at)
        if isinstance(value, str):
            state.string_value = value
        elif box == "number_input":
            state.int_value = value
        self._states[at] = state
        await self._run(ClientState(query_string=self._query, page_script_hash=self._page))

    async def _run(self, asked: ClientState) -> None:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await self._once(asked)
            while self._looks_after:
                part, seconds = next(iter(self._looks_after.items()))
                await asyncio.sleep(seconds)
                again = ClientState(query_string=self._query, page_script_hash=self._page, fragment_id=part)
                again.is_auto_rerun = True
                await self._once(again)
            new = [each for each in all_seen(self.elements) if each.id not in self._states]
            if new:
                self._states |= {each.id: each for each in new}
                await self._once(ClientState(query_string=self._query, page_script_hash=self._page))
        there = {_id_of(each) for each in self.elements}
        self._states = {at: state for at, state in self._states.items() if at in there}
        problems = [
            each.alert.body
            for each in self.elements
            if each.HasField("alert") and each.alert.format == Alert.ERROR
        ]
        problems += ["an exception" for each in self.elements if each.HasField("exception")]
        if problems:
            raise RuntimeError(f"The page says: {problems}")

    async def _once(self, asked: ClientState) -> None:
        """One run of the page, or of a part of it, and what it makes run itself."""
        self._runs += 1
        self._kept = {name: each for name, each in self._kept.items() if each[0] >= self._runs - _KEPT_RUNS}
        asked.widget_states.widgets.extend(self._states.values())
        asked.cached_message_hashes.extend(self._kept)
        whole = not asked.fragment_id
        await self._socket.send(BackMsg(rerun_script=asked).SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                _run, known = self._kept[message.ref_hash]
                self._kept[message.ref_hash] = (self._runs, known)
                message, kind = known, known.WhichOneof("type")
            elif message.metadata.cacheable and message.hash:
                self._kept[message.hash] = (self._runs, message)
            if kind == "new_session" and whole:
                self._page = message.new_session.page_script_hash
                self.elements = []
                self._looks_after = {}
            elif kind == "delta" and message.delta.HasField("new_element"):
                self.elements.append(message.delta.new_element)
            elif kind == "auto_rerun":
                self._looks_after[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "stop_auto_rerun":
                for part in message.stop_auto_rerun.fragment_ids:
                    self._looks_after.pop(part, None)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return
                whole = True  # a part of the page had all of it run anew


@asynccontextmanager
async def visitor(url: str) -> AsyncIterator[Visitor]:
    """A session with the server at `url`, which ends with the block."""
    address = f"ws{url.removeprefix('http')}/_stcore/stream"
    async with connect(address, max_size=None, proxy=None, open_timeout=ANSWER_WITHIN_S) as socket:
        yield Visitor(socket)


def _id_of(element: Element) -> str:
    """The id of a box; empty where the element is none."""
    kind = element.WhichOneof("type")
    return str(getattr(getattr(element, kind), "id", "")) if kind else ""
