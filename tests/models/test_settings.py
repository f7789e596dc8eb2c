"""Settings: variables, the file, which of them wins, and one clear sentence for what cannot be used."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pydantic
import pytest

from viz.errors import InputError
from viz.models.settings import FILE_VARIABLE, PREFIX, Settings, settings, variable

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
# Two values of each setting as a variable and in TOML, other than the default.
GIVEN: dict[str, tuple[str, str]] = {
    "allowed_models": ("a, b/*", '["c"]'),
    "hub": ("no", "false"),
    "size_limit_mb": ("7", "8"),
    "cache": ("one/folder", '"/another"'),
    "device": ("cpu", '"cuda"'),
    "resident_models": ("1", "2"),
    "resident_mb": ("5", "6"),
    "local_models": ("here", '"/there"'),
    "max_tokens": ("64", "128"),
    "cache_mb": ("9", "10"),
    "at_once": ("5", "6"),
    "draw_processes": ("0", "3"),
    "framed_by": ("https://a.example, http://b.example:8080", '["https://*.c.example"]'),
}


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def write_file(text: str, path: str = "attention-atlas.toml") -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


def test_without_anything_set_the_defaults_hold() -> None:
    found = settings()
    assert found.allowed_models == ()
    assert found.hub is True
    assert found.size_limit == 2_000_000_000
    assert (found.cache, found.hub_cache, found.local_models) == (None, None, None)
    assert found.device == "auto"
    assert (found.resident_models, found.resident_bytes) == (3, 4_000_000_000)
    assert (found.max_tokens, found.cache_mb, found.at_once, found.draw_processes) == (512, 512, 2, 2)


def test_every_setting_is_tried_below() -> None:
    assert GIVEN.keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_comes_from_the_file_and_a_variable_wins(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_variable, in_file = GIVEN[name]
    default = getattr(settings(), name)
    write_file(f"{name} = {in_file}\n")
    settings.cache_clear()
    from_file = getattr(settings(), name)
    monkeypatch.setenv(variable(name), in_variable)
    settings.cache_clear()
    from_variable = getattr(settings(), name)
    assert len({default, from_file, from_variable}) == (2 if name == "hub" else 3)
    monkeypatch.setenv(variable(name), "")
    settings.cache_clear()
    assert getattr(settings(), name) == from_file


def test_a_variable_wins_over_the_file_for_the_hub_too(monkeypatch: pytest.MonkeyPatch) -> None:
    write_file("hub = false\n")
    monkeypatch.setenv("ATTENTION_ATLAS_HUB", "true")
    assert settings().hub is True


def test_names_are_separated_by_commas_and_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENTION_ATLAS_ALLOWED_MODELS", " bert-*,hfl/*  gpt2,\n")
    assert settings().allowed_models == ("bert-*", "hfl/*", "gpt2")


def test_settings_are_read_once_and_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings()
    monkeypatch.setenv("ATTENTION_ATLAS_MAX_TOKENS", "99")
    assert settings() is first
    with pytest.raises(pydantic.ValidationError):
        first.max_tokens = 99


def test_the_file_is_the_one_that_the_variable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    write_file("max_tokens = 11\n")
    write_file("max_tokens = 22\n", "elsewhere/mine.toml")
    monkeypatch.setenv(FILE_VARIABLE, "elsewhere/mine.toml")
    assert settings().max_tokens == 22


def test_a_folder_in_the_file_is_meant_as_seen_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file('cache = "kept"\nlocal_models = "/models"\n', "etc/atlas.toml")
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "etc" / "atlas.toml"))
    assert settings().cache == tmp_path / "etc" / "kept"
    assert settings().hub_cache == tmp_path / "etc" / "kept" / "hub"
    assert settings().local_models == Path("/models")


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("ATTENTION_ATLAS_CACHE", "~/kept")
    assert settings().cache == tmp_path / "kept"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("hub", "maybe", "true or false"),
        ("device", "gpu", "one of auto, cpu, cuda, mps"),
        ("size_limit_mb", "2 GB", "a whole number from 1 to"),
        ("resident_models", "0", "a whole number from 1 to"),
        ("resident_mb", "9" * 5000, "a whole number from 1 to"),
        ("max_tokens", "7", "a whole number from 8 to"),
        ("cache_mb", "-1", "a whole number from 1 to 1000000000"),
        ("draw_processes", "65", "a whole number from 0 to 64"),
        ("cache", " ", "the path of a folder"),
    ],
)
def test_a_bad_variable_is_named_with_what_was_expected(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable(name), value)
    for _twice in range(2):  # a failure is not remembered as a success
        with pytest.raises(InputError) as caught:
            settings()
        assert str(caught.value).startswith(f"{variable(name)} is {value!r}"[:80])
        assert f"Expected: {expected}" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('hub = "maybe"', "true or false"),
        ("max_tokens = 8.5", "a whole number from 8 to"),
        ("cache_mb = true", "a whole number from 1 to"),
        ("allowed_models = 3", "model names or patterns"),
        ("allowed_models = [3]", "model names or patterns"),
        ("device = []", "one of auto"),
        ("cache = 5", "the path of a folder"),
        ('cache = ""', "the path of a folder"),
        ('local_models = "a\\u0000b"', "the path of a folder"),
    ],
)
def test_a_bad_value_in_the_file_is_named_with_its_key(line: str, expected: str) -> None:
    write_file(line + "\n")
    with pytest.raises(InputError) as caught:
        settings()
    assert f"In the settings file attention-atlas.toml, {line.split()[0]} is " in str(caught.value)
    assert f"Expected: {expected}" in str(caught.value)


def test_keys_that_are_not_known_are_named() -> None:
    write_file("hub = true\nalowed_models = []\n[models]\nx = 1\n")
    with pytest.raises(InputError, match=r"alowed_models, models\. Choose from: allowed_models, hub"):
        settings()


@pytest.mark.parametrize("content", [b"hub = ", b"\xff\xfe", b"hub = true\nhub = true"])
def test_a_file_that_is_not_toml_is_told(content: bytes) -> None:
    Path("attention-atlas.toml").write_bytes(content)
    with pytest.raises(InputError, match=r"attention-atlas\.toml is not TOML"):
        settings()


def test_a_named_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE_VARIABLE, "nowhere.toml")
    with pytest.raises(InputError, match=rf"nowhere\.toml cannot be read .*{FILE_VARIABLE}"):
        settings()


def rows() -> list[list[str]]:
    """The cells of the table of settings in the document, without their code marks."""
    table = DOCUMENT.split("| Key in the file |")[1].split("\n\n")[0]
    lines = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return [[cell.strip() for cell in line] for line in lines]


def test_the_document_lists_every_setting_with_its_variable() -> None:
    assert [row[0] for row in rows()] == [f"`{name}`" for name in Settings.model_fields]
    assert [row[1] for row in rows()] == [f"`{variable(name)}`" for name in Settings.model_fields]


def test_the_document_gives_the_defaults() -> None:
    for name, _variable, _meaning, default in rows():
        value = getattr(Settings(), name.strip("`"))
        if value is None:
            assert default in ("none", "the user's own cache folders")
        else:
            read = tomllib.loads(f"value = {default.strip('`')}")["value"]
            assert (tuple(read) if isinstance(read, list) else read) == value


def test_the_documents_whole_file_is_whole_and_accepted() -> None:
    example = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)[0]
    write_file(example)
    assert tomllib.loads(example).keys() == Settings.model_fields.keys()
    for name in Settings.model_fields:
        assert getattr(settings(), name) != Settings.model_fields[name].default
    assert PREFIX + "CONFIG" in DOCUMENT
