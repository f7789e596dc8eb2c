"""What the part of a component that is in a browser would send, sent to a page that runs without one."""

import json
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest


def component(app: AppTest, key: str) -> Any:
    """What was sent to the browser for the component of this key."""
    (found,) = (proto for proto in _protos(app) if proto.id.endswith(f"-{key}"))
    return found


def data_of(app: AppTest, key: str) -> dict[str, Any]:
    """The data that the component of this key was given."""
    proto = component(app, key)
    found: dict[str, Any] = json.loads(
        proto.mixed.json if proto.WhichOneof("data") == "mixed" else proto.json
    )
    return found


def triggered(app: AppTest, key: str, event: str, value: Any) -> AppTest:
    """The page after that component has told of an event (`setTriggerValue`)."""
    trigger = _make_trigger_id(component(app, key).id, "events")
    return _sent(app, trigger, json_trigger_value=json.dumps([{"event": event, "value": value}]))


def stated(app: AppTest, key: str, **state: Any) -> AppTest:
    """The page after that component has said in which state it is (`setStateValue`)."""
    return _sent(app, component(app, key).id, json_value=json.dumps(state))


def scrolled(app: AppTest) -> AppTest:
    """The first page once its place for pictures has come into view: they are drawn from then on."""
    return stated(app, "print_seen", seen=True)


def _sent(app: AppTest, widget: str, **value: str) -> AppTest:
    states = app._tree.get_widget_states()
    states.widgets.add(id=widget, **value)
    app._run(states)
    assert not app.exception
    return app


def _protos(app: AppTest) -> list[Any]:
    elements: list[Any] = list(app.get("bidi_component"))
    return [each.proto for each in elements]
