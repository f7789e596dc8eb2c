"""A session with a running server of the app, without a browser: what a browser's socket sends and gets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

from tests.harness.scrolled import all_seen
from tests.harness.server import running

ANSWER_WITHIN_S = 120


class Session:
    """One open session: each `run` is one run of the app's script, of one who scrolls to all that waits to be seen."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._seen: dict[str, WidgetState] = {}

    def run(self, **params: str) -> list[str]:
        """Run the script with this link, and read all it sends up to its end; returns what its pictures show, in words.

        Where the page has a part that waits to be seen, and had none in the run before, there is a second run: what is
        seen then is drawn in it. Raises RuntimeError where the script raises.
        """
        known = set(self._seen)
        pictures = self._once(params)
        return pictures if set(self._seen) == known else pictures + self._once(params)

    def _once(self, params: Mapping[str, str]) -> list[str]:
        asked = ClientState(query_string=urlencode(params))
        asked.widget_states.widgets.extend(self._seen.values())
        self._socket.send(BackMsg(rerun_script=asked).SerializeToString())
        pictures: list[str] = []
        while True:
            message = ForwardMsg.FromString(bytes(self._socket.recv(ANSWER_WITHIN_S, decode=False)))
            element = message.delta.new_element
            if element.HasField("exception"):
                raise RuntimeError(f"The page raised: {element.exception}")
            if element.HasField("imgs"):
                pictures += [image.alt for image in element.imgs.imgs]
            self._seen.update({each.id: each for each in all_seen([element])})
            if message.WhichOneof("type") == "script_finished":
                return pictures


@contextmanager
def session(script: Path) -> Iterator[Session]:
    """A session with a server of its own, both closed at the end."""
    with TemporaryDirectory() as folder, running(script, Path(folder) / "server.log") as server:
        address = f"ws{server.url.removeprefix('http')}/_stcore/stream"
        with connect(address, max_size=None, proxy=None) as socket:
            yield Session(socket)
