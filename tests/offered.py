"""The files that a page offers, caught as its buttons are drawn: AppTest clicks no download."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import streamlit as st

Made = Callable[[], bytes] | bytes | str


def offered_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Made]:
    """What download buttons offer from now on, by the files' names, as they come; the buttons are drawn as before."""
    files: dict[str, Made] = {}
    button = st.download_button

    def noted(label: str, data: Made, *, file_name: str, **rest: Any) -> bool:
        files[file_name] = data
        return button(label, data, file_name=file_name, **rest)

    monkeypatch.setattr("streamlit.download_button", noted)
    return files


def made(data: Made) -> bytes:
    """The file, made as the server makes it: on a thread that belongs to no session."""
    if callable(data):
        with ThreadPoolExecutor(1) as thread:
            data = thread.submit(data).result()
    return data.encode("utf-8") if isinstance(data, str) else data
