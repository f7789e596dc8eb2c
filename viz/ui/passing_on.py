"""The sidebar's ways to hand a view on and to take one up: the link, its QR code, a bundle."""

import streamlit as st

from viz.ui import exporting, share
from viz.ui.progress.shared_results import result_at_hand
from viz.ui.session import tr, view


def sidebar() -> None:
    """A button that opens the ways to share, and a place to drop a bundle into."""
    now = view()
    result = result_at_hand(now)
    with st.sidebar.expander(tr("Share and restore"), icon=":material/share:"):
        share.share(now, result)
        exporting.bundle_upload(result)
