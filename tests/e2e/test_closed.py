"""A session that is closed during a long work: the work stops within seconds, and what it had done is kept."""

import json
import time

from tests.harness.client import client
from tests.harness.server import Server
from viz.serving.jobs import GRACE_S
from viz.view.link_values import pack_text

SLOW = {"training": {"task": "brackets", "length": 11, "layers": 3, "heads": 4, "seed": 77}}
QUERY = f"lessons={pack_text(json.dumps(SLOW))}"
TRIES = 4


def test_a_training_that_nobody_waits_for_is_stopped_and_can_go_on(server: Server) -> None:
    with client(server.url) as person:
        person.open("training", QUERY)
        person.press("Start")
        assert person.has_button("Stop training")
    # Whoever looks at a work that goes on takes part in it: so there are some seconds between one look and the next.
    for _look in range(TRIES):
        time.sleep(GRACE_S + 2)
        with client(server.url) as another:
            another.open("training", QUERY)
            if another.has_button("Go on"):
                break
    assert another.has_button("Go on")
    assert not another.has_button("Stop training")
