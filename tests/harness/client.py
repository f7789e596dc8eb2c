"""One who uses the app without a browser, by the very protocol that a browser speaks with Streamlit's server.

with client(server.url) as person:
    person.open("training")
    person.press("Start")
    person.elements          # what the last run of the page drew
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.sync.client import ClientConnection, connect

from tests.harness.scrolled import all_seen

ANSWER_WITHIN_S = 60


def never(_element: Element) -> bool:
    """What `Client.open` waits for where it is to wait for the end of the run."""
    return False


class Client:
    """A session of its own with a server. Made by `client`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._path = self._query = ""
        self.elements: list[Element] = []
        self.received = 0  # bytes

    def open(self, path: str, query: str = "", until: Callable[[Element], bool] = never) -> list[Element]:
        """Open a page; what it draws until its run has ended, or until an element that `until` is true of."""
        self._path, self._query = path, query
        return self._run(ClientState(query_string=query, page_name=path), until)

    def scroll(self) -> list[Element]:
        """Scroll to the end of the page; what it draws where some of it is drawn only once it is in view."""
        states = all_seen(self.elements)
        if not states:
            return self.elements
        return self._run(self._again(WidgetStates(widgets=states)), never)

    def has_button(self, label: str) -> bool:
        """Whether the last run drew a button of that label."""
        return any(each.HasField("button") and each.button.label == label for each in self.elements)

    def press(self, label: str) -> list[Element]:
        """Press the button of that label, drawn by the last run. AssertionError where there is none."""
        found = [each.button.id for each in self.elements if each.button.label == label]
        assert found, f"no button {label}: {[e.button.label for e in self.elements if e.HasField('button')]}"
        states = WidgetStates()
        states.widgets.add(id=found[0], trigger_value=True)
        return self._run(self._again(states), never)

    def _again(self, states: WidgetStates) -> ClientState:
        return ClientState(query_string=self._query, page_name=self._path, widget_states=states)

    def _run(self, asked: ClientState, until: Callable[[Element], bool]) -> list[Element]:
        self._socket.send(BackMsg(rerun_script=asked).SerializeToString())
        self.elements = []
        while True:
            raw = bytes(self._socket.recv(ANSWER_WITHIN_S, decode=False))
            self.received += len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self.elements.append(message.delta.new_element)
                if until(message.delta.new_element):
                    return self.elements
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return self.elements


@contextmanager
def client(url: str) -> Iterator[Client]:
    """A session with the server at `url`, which ends with the block."""
    with connect(f"ws{url.removeprefix('http')}/_stcore/stream", max_size=None, proxy=None) as socket:
        yield Client(socket)
