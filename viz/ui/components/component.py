"""What all small components share: their script and style stand in files beside the Python that mounts them.

What a browser sends is untrusted: `sent` gives it as it came, and each component checks it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_SHARED = Path(__file__).with_name("shared.js")


def component(source: str, name: str, html: str | None = None) -> ComponentRenderer:
    """The component `name`, whose script `name`.js and, if any, style `name`.css lie beside the file `source`."""
    script = Path(source).with_name(f"{name}.js")
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    return st.components.v2.component(
        f"attention_atlas_{name}", html=html, css=_style(script.with_suffix(".css")), js=_script(script)
    )


def sent(key: str, event: str) -> Any:
    """What the browser sent last with `event` of the component `key`; None where it sent nothing."""
    state = st.session_state.get(key)
    return state.get(event) if isinstance(state, Mapping) else None


def is_index(value: object, count: int) -> TypeGuard[int]:
    """Whether a browser's value is a whole number from 0 to below `count`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


@cache
def _style(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


@cache
def _script(path: Path) -> str:
    return _SHARED.read_text(encoding="utf-8") + path.read_text(encoding="utf-8")
