"""Links, codes and bundles: each leads back to the view it was made of."""

import csv
import io
import json
import zipfile
from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.apps import followed, run, went, with_menus_open
from tests.components import data_of
from tests.offered import made, offered_files
from tests.view.test_state import VIEWS
from viz.attention import attend
from viz.errors import InputError, ModelNotFound
from viz.models import LoadedModel
from viz.pictures.export import Provenance, provenance_of, read_bundle, write_bundle
from viz.ui.exhibits import downloads
from viz.ui.shell.share import address_of, code_png
from viz.view.link import fits_link, from_params, to_params
from viz.view.saved_views import settings_of, view_of
from viz.view.state import DEFAULT, ViewState

LONG = "".join(chr(0x4E00 + (at * 7919) % 20000) for at in range(20_000))


@given(VIEWS)
def test_a_view_goes_into_a_bundle_and_back(view: ViewState) -> None:
    texts = {"text": view.text, "pair": view.pair or None, "other": view.other, "target": view.target or None}
    provenance = Provenance(view.model, "r", settings=settings_of(view), **texts)  # type: ignore[arg-type]
    read, notes = view_of(read_bundle(write_bundle(provenance, {})).provenance)
    assert read == replace(view, language=None, present=False)
    assert notes == ()


def test_a_text_too_long_for_a_link_goes_into_a_bundle(minilm: LoadedModel) -> None:
    view = replace(DEFAULT, text="word " * 300 + LONG, layer=1, head=7, other=LONG)
    assert not fits_link(view)
    result = attend(minilm, view.text)
    data = write_bundle(provenance_of(result, settings_of(view), view.other), {})
    assert view_of(read_bundle(data).provenance) == (view, ())


def test_a_bundle_has_the_explorer_unless_it_would_then_be_too_large_to_be_opened(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, document = attend(minilm, DEFAULT.text), bytes(range(256)) * 40
    name = "all-MiniLM-L6-v2-layer4-head5-explorer.html"
    view = replace(DEFAULT, layer=3, head=4)

    def made() -> bytes:
        return downloads.ResultFiles(result, view, "", settings_of(view), lambda: document).bundle({})

    whole = made()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.read(name) == document
        assert name in json.loads(archive.read("provenance.json"))["files"]
    monkeypatch.setattr(downloads, "LARGEST", len(whole) - 1)
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert name not in archive.namelist()
        assert name not in json.loads(archive.read("provenance.json"))["files"]
    for data in (whole, made()):
        assert view_of(read_bundle(data).provenance)[0] == view


def test_settings_of_a_bundle_are_believed_no_more_than_a_links() -> None:
    evil = {"layer": "99", "head": "x", "text": "not this", "lang": "zh", "present": "1", "unknown": "1"}
    view, notes = view_of(Provenance(DEFAULT.model, "r", "this", settings=evil))
    assert (view.text, view.layer, view.head) == ("this", 5, DEFAULT.head)
    assert (view.language, view.present) == (None, False)
    assert len(notes) == 2


def test_a_bundle_of_a_model_that_is_not_here_is_refused() -> None:
    with pytest.raises(ModelNotFound, match=r"model \.\./evil, which cannot be used here"):
        view_of(Provenance("../evil", "r", "text"))


@given(VIEWS)
def test_the_address_leads_back_to_the_view(view: ViewState) -> None:
    if fits_link(view):
        address = address_of(view, "https://example.org/heads")
        parts = urlsplit(address)
        assert parts.path == "/heads"
        assert from_params(dict(parse_qsl(parts.query, keep_blank_values=True)))[0] == view


def test_a_code_is_large_black_on_white_and_with_a_quiet_edge() -> None:
    png, modules = code_png("https://example.org/?text=" + "a" * 200)
    image = np.array(Image.open(io.BytesIO(png)).convert("L"))
    assert min(image.shape) >= 1200
    assert set(np.unique(image)) == {0, 255}
    assert (modules - 17) % 4 == 0, "not a size that QR codes have"
    pixels = len(image) // (modules + 8)
    assert len(image) == pixels * (modules + 8)
    assert image[: 4 * pixels].min() == 255
    inner = image[4 * pixels : -4 * pixels : pixels, 4 * pixels : -4 * pixels : pixels]
    finder = np.zeros((7, 7))
    finder[1:6, 1:6], finder[2:5, 2:5] = 255, 0
    for corner in (inner[:7, :7], inner[:7, -7:], inner[-7:, :7]):
        np.testing.assert_array_equal(corner, finder)


def test_a_link_too_long_for_a_code_is_refused() -> None:
    with pytest.raises(InputError, match="6,000 characters"):
        code_png("x" * 6_000)


def page() -> None:
    import streamlit as st

    from viz.pictures.figures import PLAIN, heatmap
    from viz.ui import session
    from viz.ui.exhibits import downloads
    from viz.ui.progress.result import analysed
    from viz.ui.shell.share import bundle_upload, share, ways

    session.begin()
    session.enter("explore")
    now, result = session.view(), analysed()
    if st.session_state.get("dialog"):
        share(now, result)
    else:
        ways(now, result)
    if result is not None:
        downloads.save_menu("map", lambda style: heatmap(result.encoder, 0, 0, style), PLAIN, result=result)
    bundle_upload(result)


def opened(**params: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    return followed(app, **params)


def upload(app: AppTest, data: bytes) -> AppTest:
    place: Any = app.get("file_uploader")[0]
    place.upload("bundle.zip", data, "application/zip")
    return run(app)


def with_menu(**params: str) -> AppTest:
    return with_menus_open(opened(**params))


def saves(app: AppTest) -> list[str]:
    buttons: list[Any] = list(app.get("download_button"))
    return [button.proto.label for button in buttons]


def test_sharing_warns_that_the_text_is_in_the_link() -> None:
    app = opened()
    assert "The text is in the link" in app.warning[0].value
    assert len(app.get("image")) == 1


def test_a_link_for_others_is_the_first_choice_where_there_is_anything_of_ones_own() -> None:
    assert not opened(text="Ours.").radio
    app = opened(text="Ours.", answered="1.2", lessons='{"why":{"first":2}}')
    assert data_of(app, "copy_link")["query"] == urlencode({"text": "Ours."})
    app.radio(key="w_share_for_en").set_value(True)
    assert data_of(run(app), "copy_link")["query"] == urlencode(to_params(app.session_state["atlas_view"]))
    assert "answered=1.2" in data_of(app, "copy_link")["query"]


def test_sharing_is_in_a_dialog() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["dialog"] = True
    run(app)
    assert not app.warning
    app.button(key="w_share").click()
    run(app)
    assert "The text is in the link" in app.warning[0].value


def test_a_text_too_long_for_a_link_is_offered_as_a_bundle() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["atlas_view"] = replace(DEFAULT, text=LONG)
    app.session_state["atlas_page"] = "explore"
    app.session_state["atlas_link"] = {}
    run(app)
    assert "too long for a link" in app.info[0].value
    assert not app.get("image")
    assert "Save ZIP" in saves(app)


def test_the_menu_offers_each_format_and_its_settings() -> None:
    app = opened()
    assert saves(app) == []
    with_menus_open(app)
    assert saves(app) == ["Save PNG"]
    for form, settings in (("svg", 1), ("csv", 0), ("npz", 0), ("html", 0), ("zip", 0), ("png", 2)):
        app.segmented_control(key="w_map_form").set_value(form)
        run(app)
        assert saves(app) == [f"Save {form.upper()}"]
        assert len(app.segmented_control) == 1 + settings
    assert len(app.caption) == 0
    app.segmented_control(key="w_map_width").set_value("column")
    smaller = went(app, text="word " * 30)
    assert any("letters are very small" in caption.value for caption in smaller.caption)


@pytest.mark.slow
def test_each_format_of_the_menu_is_a_file_of_its_kind(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = offered_files(monkeypatch)
    app = with_menu(text="Each kind.", layer="2", head="3")
    for form in ("svg", "pdf", "csv", "npz", "html", "zip"):
        app.segmented_control(key="w_map_form").set_value(form)
        run(app)
    data = {name.rpartition(".")[2]: made(file) for name, file in files.items()}
    assert {name.rpartition(".")[0] for name in files} == {"all-MiniLM-L6-v2-layer2-head3-map"}
    found = attend(minilm, "Each kind.").encoder
    with Image.open(io.BytesIO(data["png"])) as picture:
        assert picture.width == round(6.9 * 300)
    assert ET.fromstring(data["svg"]).tag.endswith("}svg")  # noqa: S314 - our own
    assert data["pdf"].startswith(b"%PDF-")
    rows = list(csv.reader(io.StringIO(data["csv"].decode("utf-8-sig"))))
    assert rows[0][1:] == found.keys.labels
    np.testing.assert_allclose([float(x) for x in rows[1][1:]], found.weights[1, 2, 0], atol=1e-6)
    with np.load(io.BytesIO(data["npz"])) as arrays:
        np.testing.assert_array_equal(arrays["weights"], found.weights)
    assert b"Each kind." in data["html"]
    with zipfile.ZipFile(io.BytesIO(data["zip"])) as archive:
        endings = sorted(name.rpartition(".")[2] for name in archive.namelist())
        assert endings == ["csv", "html", "json", "npz", "pdf", "png", "svg"]
    assert view_of(read_bundle(data["zip"]).provenance)[0] == replace(
        DEFAULT, text="Each kind.", layer=1, head=2
    )


def test_a_long_texts_bundle_says_that_it_has_one_layer() -> None:
    app = with_menu(text="word " * 500, layer="2")
    app.segmented_control(key="w_map_form").set_value("zip")
    assert any("the weights of layer 2 only" in caption.value for caption in run(app).caption)


def restored(app: AppTest) -> dict[str, Any]:
    view = app.session_state["atlas_view"]
    return {each.name: getattr(view, each.name) for each in fields(view)}


def test_a_bundle_dropped_in_restores_the_view_and_says_when_the_weights_differ(minilm: LoadedModel) -> None:
    view = replace(DEFAULT, text="Dropped in.", pair="Twice.", layer=0, head=9, specials=False)
    result = attend(minilm, view.text, view.pair)
    same = write_bundle(provenance_of(result, settings_of(view), view.other), {})
    app = upload(opened(), same)
    assert restored(app) == {each.name: getattr(view, each.name) for each in fields(view)}
    assert app.query_params["text"] == "Dropped in."
    assert "restored" in app.success[0].value
    assert not [warning for warning in app.warning if "other weights" in warning.value]
    other = write_bundle(replace(provenance_of(result, settings_of(view)), revision="`abc`"), {})
    app = upload(opened(), other)
    assert any("`` `abc` ``" in warning.value for warning in app.warning)


@pytest.mark.parametrize("data", [b"nonsense", write_bundle(Provenance("../evil", "r", "t"), {})])
def test_a_bad_bundle_changes_nothing_and_says_why(data: bytes) -> None:
    app = upload(opened(text="Stays."), data)
    assert restored(app)["text"] == "Stays."
    assert len(app.error) == 1
    assert not app.success
