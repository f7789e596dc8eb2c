"""Local folders: inside the host's directory, or not at all."""

import os
from pathlib import Path

import pytest

from viz.errors import ModelFileError, ModelNotFound
from viz.models.checkpoints.local import local_folder, local_names
from viz.models.settings import Settings


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of local models, with a model beside it that is none of the host's."""
    root = tmp_path / "models"
    for folder in (root / "mine", root / "课堂 1", root / ".hidden", root / "a:b", tmp_path / "secret"):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}", encoding="utf-8")
    (root / "no-model").mkdir()
    (root / "config.json").write_text("{}", encoding="utf-8")
    configure(monkeypatch, root)
    return root


def configure(monkeypatch: pytest.MonkeyPatch, root: Path | None) -> None:
    monkeypatch.setattr("viz.models.checkpoints.local.settings", lambda: Settings(local_models=root))


def link(place: Path, target: Path | str) -> None:
    try:
        place.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links on this system")


def test_the_names_are_those_of_folders_with_a_model(root: Path) -> None:
    assert local_names() == ("mine", "课堂 1")
    assert local_folder("mine") == (root / "mine").resolve()
    assert local_folder("课堂 1") == (root / "课堂 1").resolve()


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../secret",
        "mine/../../secret",
        "mine/",
        "./mine",
        "/etc",
        "C:\\mine",
        "a:b",
        "file:///etc",
        "https://example.org/mine",
        "mine\0",
        "\0",
        "~",
        ".hidden",
        "no-model",
        "config.json",
        "nowhere",
        "x" * 10_000,
        "..／secret",
        "mine\n",
    ],
    ids=lambda name: ascii(name)[:20],
)
def test_any_other_name_is_not_found(name: str) -> None:
    with pytest.raises(ModelNotFound, match="There are: local:mine, local:课堂 1"):
        local_folder(name)


def test_the_name_as_an_absolute_path_is_not_found(root: Path) -> None:
    with pytest.raises(ModelNotFound):
        local_folder(str(root / "mine"))


@pytest.mark.parametrize("target", ["../secret", "..", "/", "nowhere", "ring"])
def test_a_link_that_leads_out_or_nowhere_is_refused(root: Path, target: str) -> None:
    link(root / "ring", target)
    assert local_names() == ("mine", "课堂 1")
    with pytest.raises(ModelFileError, match="local:ring is a link that leads out"):
        local_folder("ring")


def test_a_link_that_stays_inside_is_followed(root: Path) -> None:
    link(root / "same", "mine")
    assert local_names() == ("mine", "same", "课堂 1")
    assert local_folder("same") == (root / "mine").resolve()


def test_the_directory_itself_may_be_a_link(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(tmp_path / "linked", root)
    configure(monkeypatch, tmp_path / "linked")
    assert local_folder("mine") == (root / "mine").resolve()


def test_a_config_that_is_a_folder_makes_no_model(root: Path) -> None:
    (root / "odd" / "config.json").mkdir(parents=True)
    assert "odd" not in local_names()


def test_without_a_directory_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, None)
    assert local_names() == ()
    with pytest.raises(ModelNotFound, match="ATTENTION_ATLAS_LOCAL_MODELS"):
        local_folder("mine")


def test_a_directory_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, tmp_path / "nowhere")
    assert local_names() == ()
    with pytest.raises(ModelFileError, match="ATTENTION_ATLAS_LOCAL_MODELS"):
        local_folder("mine")


@pytest.mark.skipif(os.name == "nt", reason="a file name there cannot have such characters")
def test_a_folder_with_an_unusual_name_is_left_out(root: Path) -> None:
    for name in ("a\nb", "\x1b[31m", "a\u202eb", os.fsdecode(b"\xff")):
        (root / name).mkdir()
        (root / name / "config.json").write_text("{}", encoding="utf-8")
    assert local_names() == ("mine", "课堂 1")
