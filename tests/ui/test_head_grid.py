import pytest

from viz.ui.head_grid import toggled_from


def test_what_is_off_after_a_click_in_order_and_once() -> None:
    assert toggled_from({"toggled": {"count": 3, "off": [71, 0, 5, 0]}}, 72) == (3, (0, 5, 71))
    assert toggled_from({"toggled": {"count": 0, "off": []}}, 72) == (0, ())


@pytest.mark.parametrize(
    "state",
    [
        None,
        3,
        {},
        {"toggled": None},
        {"toggled": [1]},
        {"toggled": {"count": 1}},
        {"toggled": {"off": [1]}},
        {"toggled": {"count": "1", "off": [1]}},
        {"toggled": {"count": True, "off": [1]}},
        {"toggled": {"count": -1, "off": [1]}},
        {"toggled": {"count": 1, "off": "1"}},
        {"toggled": {"count": 1, "off": [72]}},
        {"toggled": {"count": 1, "off": [-1]}},
        {"toggled": {"count": 1, "off": [1.0]}},
        {"toggled": {"count": 1, "off": ["<b>"]}},
        {"toggled": {"count": 1, "off": [0] * 73}},
    ],
)
def test_anything_else_changes_nothing(state: object) -> None:
    assert toggled_from(state, 72) is None
