"""The server around the app: its start and its end, what it sends with every answer, and its last net."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from viz.errors import VizError
from viz.models.settings import settings
from viz.pictures.bertviz_scripts import script_hashes
from viz.serving import memory
from viz.serving.security_headers import SecurityHeaders, headers, policy
from viz.serving.shutdown import stop_all
from viz.serving.weights_route import WEIGHTS
from viz.ui import housekeeping, streamlit_gaps
from viz.ui.session import tr

_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """From the start of the server to its end, which waits for what still works."""
    memory.prepare()
    streamlit_gaps.ignore_folder_of_pages()
    housekeeping.begin()
    WEIGHTS.is_served = True
    yield
    await asyncio.to_thread(stop_all)


def routes() -> list[BaseRoute]:
    """What the server answers beside Streamlit's own addresses, in the folder of its site that it is set to be in."""
    return [WEIGHTS.route(st.get_option("server.baseUrlPath"))]


def middleware() -> list[Middleware]:
    """What every answer of the server goes through.

    Settings that cannot be used end the start here, with a sentence that names the one.
    """
    try:
        sites = settings().framed_by
    except VizError as error:
        sys.exit(str(error))
    try:
        scripts = script_hashes()
    except VizError as error:  # the page of BertViz says so itself
        _LOG.warning("BertViz cannot be shown: %s", error)
        scripts = []
    return [Middleware(SecurityHeaders, headers=headers(policy(scripts, ["'self'", *sites])))]


def say_error(_error: Exception) -> bool:
    """Tell a person in a sentence that a run failed outside of all that a page catches; Streamlit has logged it."""
    st.error(
        tr("Something went wrong here that should not have. Please load the page anew."),
        icon=":material/error:",
    )
    return True
