"""What each head of a layer does, as a table: of weights with their entropy, of lengths without."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy
from streamlit.testing.v1 import AppTest

from tests.apps import followed
from viz.attention import attend
from viz.attention.norms import as_norms
from viz.inputs.examples import FIRST
from viz.models import LoadedModel

LAYER = 2


def page() -> None:
    from dataclasses import replace

    import streamlit as st

    from viz.ui.exhibits import tables
    from viz.ui.progress.result import analysed
    from viz.ui.session import view
    from viz.ui.widgets import view_switches

    found = analysed()
    assert found is not None
    (found,) = view_switches.weighed(found)
    tables.heads_of_layer(found.encoder, replace(view(), layer=st.session_state["layer"]))


def table(**params: str) -> pd.DataFrame:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["layer"] = LAYER
    found: pd.DataFrame = followed(app, **params).dataframe[0].value
    return found


def test_every_head_of_the_layer_has_its_spread_and_its_favourite(minilm: LoadedModel) -> None:
    found, heads = table(), attend(minilm, FIRST.text).encoder
    weights = heads.weights[LAYER].astype(float)
    assert list(found["Head"]) == list(range(1, 13))
    np.testing.assert_allclose(found["Entropy (nats)"], entropy(weights, axis=-1).mean(axis=-1), atol=1e-4)
    received = weights.mean(axis=1)
    assert list(found["Most attended token"]) == [heads.keys.labels[at] for at in received.argmax(axis=-1)]
    np.testing.assert_allclose(found["Its share"], received.max(axis=-1), atol=1e-6)


def test_lengths_have_shares_and_no_entropy(minilm: LoadedModel) -> None:
    found, heads = table(weigh="norm"), as_norms(minilm, attend(minilm, FIRST.text)).encoder
    assert "Entropy (nats)" not in found
    lengths = heads.weights[LAYER].astype(float)
    shares = (lengths / lengths.sum(axis=-1, keepdims=True)).mean(axis=1)
    assert found["Its share"].tolist() == pytest.approx(shares.max(axis=-1).tolist(), abs=1e-5)
    assert list(found["Most attended token"]) == [heads.keys.labels[at] for at in shares.argmax(axis=-1)]
