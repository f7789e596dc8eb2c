"""People who use the app without a browser, by the very protocol that a browser speaks with Streamlit's server.

with client(server.url) as person:         # one after another
    person.open("training")
    person.press("Start")
    person.elements                        # what the page has drawn

async with visitor(server.url) as person:  # many at once
    await person.open("")
    await person.give("text_area", "Text", "The cat sat.")
    person.pictures                        # what the pictures of the page show, in words
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

import websockets.asyncio.client as asynchronous
import websockets.sync.client as synchronous
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from viz.ui.exhibits.bitmaps.in_view import COMPONENT

ANSWER_WITHIN_S, DRAWN_WITHIN_S = 120, 60
_KEPT_RUNS = 2  # for how long a browser keeps a large message that is not shown again

Box = Literal["number_input", "text_area"]


class Tab:
    """What a browser's tab knows of a page, and what it tells the server; who has it sends and receives.

    As a browser does, it names the messages it has kept, so that they are not sent again, and forgets the values of
    boxes that are gone.
    """

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.query = ""
        self.intervals: dict[
            str, float
        ] = {}  # part of the page that runs by itself -> seconds between its runs
        self._page = ""
        self._states: dict[str, WidgetState] = {}
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._runs = 0
        self._whole = True

    @property
    def pictures(self) -> list[str]:
        """What the pictures of the page show, in words."""
        return [
            image.alt for element in self.elements if element.HasField("imgs") for image in element.imgs.imgs
        ]

    @property
    def alerts(self) -> list[str]:
        """What the page says beside its content."""
        return [element.alert.body for element in self.elements if element.HasField("alert")]

    @property
    def problems(self) -> list[str]:
        """What the page says went wrong."""
        alerts = [element.alert for element in self.elements if element.HasField("alert")]
        raised = [element for element in self.elements if element.HasField("exception")]
        return [alert.body for alert in alerts if alert.format == Alert.ERROR] + ["an exception"] * len(
            raised
        )

    def has_button(self, label: str) -> bool:
        """Whether the page has a button of that label."""
        return any(element.HasField("button") and element.button.label == label for element in self.elements)

    def to_page(self, path: str, query: str = "") -> ClientState:
        """What is asked for to open a page: with a link as Back and Forward do, without one as a click on its name."""
        self.query = query
        history = bool(query) and self._runs > 0
        return ClientState(page_name=path, query_string=query, is_history_navigation=history)

    def same_page(self, part: str = "") -> ClientState:
        """What is asked for to run the page anew, or a part of it that runs by itself."""
        return ClientState(
            page_script_hash=self._page, query_string=self.query, fragment_id=part, is_auto_rerun=bool(part)
        )

    def pressed(self, label: str) -> ClientState:
        """What is asked for by the button of that label. AssertionError where there is none."""
        buttons = [element.button for element in self.elements if element.HasField("button")]
        ids = [button.id for button in buttons if button.label == label]
        assert ids, f"no button {label}: {[button.label for button in buttons]}"
        request = self.same_page()
        request.widget_states.widgets.add(id=ids[0], trigger_value=True)
        return request

    def put(self, box: Box, label: str, value: str | int) -> None:
        """Put a value into the box of that label. RuntimeError where there is none."""
        boxes = [getattr(element, box) for element in self.elements if element.HasField(box)]
        name = next((each.id for each in boxes if each.label == label), None)
        if name is None:
            raise RuntimeError(f"There is no {label} among {[each.label for each in boxes]}")
        state = WidgetState(id=name)
        if isinstance(value, str):
            state.string_value = value
        elif box == "number_input":
            state.int_value = value
        self._states[name] = state

    def scrolled(self) -> bool:
        """Scroll to the end of the page; whether something came into view that was not before."""
        parts = [each.bidi_component for each in self.elements if each.HasField("bidi_component")]
        ids = [part.id for part in parts if part.component_name == COMPONENT and part.id not in self._states]
        new = {name: WidgetState(id=name, json_value='{"seen":true}') for name in ids}
        self._states |= new
        return bool(new)

    def message(self, request: ClientState) -> bytes:
        """What is sent for a run of the page."""
        self._runs += 1
        self._kept = {name: kept for name, kept in self._kept.items() if kept[0] >= self._runs - _KEPT_RUNS}
        self._whole = not request.fragment_id
        request.widget_states.widgets.extend(self._states.values())
        request.cached_message_hashes.extend(self._kept)
        raw: bytes = BackMsg(rerun_script=request).SerializeToString()
        return raw

    def take(self, raw: bytes) -> bool:
        """Take a message of the server's; whether the run has ended with it."""
        message = ForwardMsg.FromString(raw)
        if message.WhichOneof("type") == "ref_hash":
            name = message.ref_hash
            message = self._kept[name][1]
            self._kept[name] = (self._runs, message)
        elif message.metadata.cacheable and message.hash:
            self._kept[message.hash] = (self._runs, message)
        kind = message.WhichOneof("type")
        if kind == "new_session" and self._whole:
            self._page = message.new_session.page_script_hash
            self.elements = []
            self.intervals = {}
        elif kind == "navigation":  # `new_session` names the page before the app says which there are
            self._page = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.HasField("new_element"):
            self.elements.append(message.delta.new_element)
        elif kind == "auto_rerun":
            self.intervals[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for part in message.stop_auto_rerun.fragment_ids:
                self.intervals.pop(part, None)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._whole = True  # a part of the page had all of it run anew
                return False
            ids = {_id_of(element) for element in self.elements}
            self._states = {name: state for name, state in self._states.items() if name in ids}
            return True
        return False


class Client(Tab):
    """A session of its own with a server, one run of a page after another. Made by `client`."""

    def __init__(self, socket: synchronous.ClientConnection) -> None:
        super().__init__()
        self._socket = socket

    def open(
        self, path: str, query: str = "", until: Callable[[Element], bool] | None = None
    ) -> list[Element]:
        """Open a page; what it draws until its run has ended, or until an element that `until` is true of."""
        return self._run(self.to_page(path, query), until)

    def scroll(self) -> list[Element]:
        """Scroll to the end of the page; what it draws where some of it is drawn only once it is in view."""
        return self._run(self.same_page()) if self.scrolled() else self.elements

    def press(self, label: str) -> list[Element]:
        """Press the button of that label; what the page draws then. AssertionError where there is none."""
        return self._run(self.pressed(label))

    def _run(self, request: ClientState, until: Callable[[Element], bool] | None = None) -> list[Element]:
        self._socket.send(self.message(request))
        while not self.take(bytes(self._socket.recv(ANSWER_WITHIN_S, decode=False))):
            if until and self.elements and until(self.elements[-1]):
                break
        return self.elements


class Visitor(Tab):
    """One of many at once, who scrolls to the end of each page and waits for its works. Made by `visitor`.

    All that it does raises RuntimeError where the page says that something went wrong, and TimeoutError where the page
    is not drawn within a minute.
    """

    def __init__(self, socket: asynchronous.ClientConnection) -> None:
        super().__init__()
        self._socket = socket

    async def open(self, path: str) -> None:
        """Open a page as by a click on its name."""
        await self._run(self.to_page(path))

    async def give(self, box: Box, label: str, value: str | int) -> None:
        """Put a value into the box of that label, and wait until all that follows is drawn."""
        self.put(box, label, value)
        await self._run(self.same_page())

    async def _run(self, request: ClientState) -> None:
        async with asyncio.timeout(DRAWN_WITHIN_S):
            await self._once(request)
            while self.intervals:
                part, seconds = next(iter(self.intervals.items()))
                await asyncio.sleep(seconds)
                await self._once(self.same_page(part))
            if self.scrolled():
                await self._once(self.same_page())
        if self.problems:
            raise RuntimeError(f"The page says: {self.problems}")

    async def _once(self, request: ClientState) -> None:
        await self._socket.send(self.message(request))
        while not self.take(await self._socket.recv(decode=False)):
            pass


@contextmanager
def client(url: str) -> Iterator[Client]:
    """A session with the server at `url`, which ends with the block."""
    with synchronous.connect(_address(url), max_size=None, proxy=None) as socket:
        yield Client(socket)


@asynccontextmanager
async def visitor(url: str) -> AsyncIterator[Visitor]:
    """The same for one of many at once."""
    address = _address(url)
    async with asynchronous.connect(
        address, max_size=None, proxy=None, open_timeout=DRAWN_WITHIN_S
    ) as socket:
        yield Visitor(socket)


def _address(url: str) -> str:
    return f"ws{url.removeprefix('http')}/_stcore/stream"


def _id_of(element: Element) -> str:
    """The id of a box; empty where the element is none."""
    kind = element.WhichOneof("type")
    return str(getattr(getattr(element, kind), "id", "")) if kind else ""
