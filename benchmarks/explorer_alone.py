"""A page with the explorer and nothing else, for `?text=`: what its memory is measured with."""

import streamlit as st

from viz.attention import attend
from viz.models import LoadedModel, load_model
from viz.pictures.explorer.payload import encode
from viz.pictures.explorer.selection import Selection
from viz.pictures.explorer.strings import strings
from viz.ui.components.explorer_component import explorer

_load = st.cache_resource(load_model)


def main() -> None:
    model: LoadedModel = _load("all-MiniLM-L6-v2")
    result = attend(model, st.query_params.get("text", "A text."))
    explorer(encode(result.maps), strings(str), Selection(), "explorer")


if __name__ == "__main__":
    main()
