"""What counts as being on this computer, found without a network, in a cache that anybody may have written."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants

from tests.hub_models import shards_of, tiny_bert
from tests.hub_server import use_hub
from viz.errors import ModelNotFound
from viz.models.hub.cache import Snapshot, cached_ids, cached_snapshot, usable_ids
from viz.models.settings import settings

TINY = "someone/tiny-bert"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache, and a client that may ask nobody."""
    for name in [name for name in os.environ if name.startswith("ATTENTION_ATLAS_")]:
        monkeypatch.delenv(name)
    settings.cache_clear()
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    (tmp_path / "hub").mkdir()
    yield tmp_path / "hub"
    settings.cache_clear()


def keep(cache: Path, model_id: str, files: dict[str, bytes], ref: str | None = "main") -> Path:
    """A snapshot as it would lie in the cache, with plain files."""
    storage = cache / ("models--" + model_id.replace("/", "--"))
    folder = storage / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if ref is not None:
        (storage / "refs" / ref).parent.mkdir(parents=True)
        (storage / "refs" / ref).write_text(COMMIT)
    return folder


def test_a_whole_model_is_at_hand(cache: Path) -> None:
    folder = keep(cache, TINY, tiny_bert())
    assert cached_snapshot(TINY) == cached_snapshot(TINY, "main") == Snapshot(folder, COMMIT)
    assert cached_snapshot(TINY, COMMIT) == Snapshot(folder, COMMIT)


def test_nothing_is_at_hand_in_an_empty_cache(cache: Path) -> None:
    assert cached_snapshot(TINY) is None
    shutil.rmtree(cache)
    assert cached_snapshot(TINY) is None
    assert cached_ids() == ()


@pytest.mark.parametrize("lacking", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_part_of_a_model_is_not_at_hand(cache: Path, lacking: str) -> None:
    keep(cache, TINY, {name: data for name, data in tiny_bert().items() if name != lacking})
    assert cached_snapshot(TINY) is None
    assert cached_ids() == ()


@pytest.mark.parametrize("at", range(4))
def test_each_file_of_a_split_model_is_needed(cache: Path, at: int) -> None:
    files = tiny_bert(shards=True)
    lacking = ["model.safetensors.index.json", *shards_of(files)][at]
    folder = keep(cache, TINY, files)
    assert cached_snapshot(TINY) is not None
    (folder / lacking).unlink()
    assert cached_snapshot(TINY) is None


def test_a_link_to_a_file_that_is_gone_is_no_file(cache: Path) -> None:
    folder = keep(cache, TINY, tiny_bert())
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("../../blobs/gone")
    assert cached_snapshot(TINY) is None


@pytest.mark.parametrize("tokenizer", ["vocab.txt", "vocab.json", "spm.model", "source.spm"])
def test_any_tokenizers_file_will_do(cache: Path, tokenizer: str) -> None:
    files = {name: data for name, data in tiny_bert().items() if not name.startswith("tokenizer")}
    keep(cache, TINY, {**files, tokenizer: b"pieces"})
    assert cached_snapshot(TINY) is not None


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"[]",
        b"{}",
        b'{"weight_map": {}}',
        b'{"weight_map": []}',
        b'{"weight_map": {"a": 1}}',
        b'{"weight_map": {"a": "config.json"}}',
        b'{"weight_map": {"a": "../config.json"}}',
        b'{"weight_map": {"a": "pytorch_model.bin"}}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_an_index_that_is_none_makes_no_model(cache: Path, index: bytes) -> None:
    files = {name: data for name, data in tiny_bert().items() if name != "model.safetensors"}
    keep(cache, TINY, {**files, "pytorch_model.bin": b"x", "model.safetensors.index.json": index})
    assert cached_snapshot(TINY) is None


@pytest.mark.parametrize(
    "commit", ["", "main", "../" * 20, COMMIT[:-1], COMMIT + "0", "../../other", COMMIT.upper(), "\xe9" * 40]
)
def test_a_reference_that_is_no_commit_leads_nowhere(cache: Path, commit: str) -> None:
    folder = keep(cache, TINY, tiny_bert())
    (folder.parent.parent / "refs" / "main").write_text(commit, encoding="utf-8")
    assert cached_snapshot(TINY) is None


def test_another_revision_is_not_taken_for_the_newest(cache: Path) -> None:
    keep(cache, TINY, tiny_bert(), ref="v1")
    assert cached_snapshot(TINY) is None
    assert cached_snapshot(TINY, "v1") is not None


@pytest.mark.parametrize(
    ("model_id", "revision"),
    [
        ("../x", None),
        ("a/b/c", None),
        ("/etc/passwd", None),
        (TINY, "../../x"),
        (TINY, "/etc"),
        (TINY, "a\0"),
    ],
)
def test_what_is_no_name_is_not_looked_for(cache: Path, model_id: str, revision: str | None) -> None:
    with pytest.raises(ModelNotFound):
        cached_snapshot(model_id, revision)


def test_the_models_that_are_whole_are_listed(cache: Path) -> None:
    keep(cache, TINY, tiny_bert())
    keep(cache, "gpt2", tiny_bert())
    keep(cache, "someone/half", {"config.json": b"{}"})
    keep(cache, "someone/other-revision", tiny_bert(), ref=None)
    (cache / "datasets--someone--data").mkdir()
    (cache / "models--..--..").mkdir()
    (cache / "models--").mkdir()
    (cache / "models--file").write_text("no folder")
    (cache / ".locks").mkdir()
    assert cached_ids() == ("gpt2", TINY)


def test_the_folder_of_the_settings_comes_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(cache, TINY, tiny_bert())
    atlas = cache.parent / "atlas"
    monkeypatch.setenv("ATTENTION_ATLAS_CACHE", str(atlas))
    settings.cache_clear()
    assert cached_snapshot(TINY) is None
    keep(atlas / "hub", "gpt2", tiny_bert())
    assert cached_ids() == ("gpt2",)


def test_what_can_be_used_fits_into_a_message(cache: Path) -> None:
    assert usable_ids() == "all-MiniLM-L6-v2, multilingual-e5-small"
    keep(cache, TINY, tiny_bert())
    assert usable_ids() == f"all-MiniLM-L6-v2, multilingual-e5-small, {TINY}"
    for number in range(9):
        keep(cache, f"someone/another-model-{number}", tiny_bert())
    shown = usable_ids()
    assert shown.endswith(", …")
    assert len(shown) <= 120
    assert all(
        name in {*cached_ids(), "all-MiniLM-L6-v2", "multilingual-e5-small"}
        for name in shown.split(", ")[:-1]
    )


def test_what_the_hubs_own_client_has_fetched_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with use_hub(tmp_path / "theirs", monkeypatch) as hub:
        hub.add(TINY, tiny_bert())
        for name in sorted(tiny_bert(), key="model.safetensors".__eq__):  # weights last
            assert cached_snapshot(TINY) is None
            huggingface_hub.hf_hub_download(TINY, name)
        found = cached_snapshot(TINY)
    assert found is not None
    assert {path.name: path.read_bytes() for path in found.folder.iterdir()} == tiny_bert()
