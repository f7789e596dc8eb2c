"""Names: what parses, what is refused, what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import ModelNotFound, ModelRefused
from viz.models.model_name import EMBEDDED, LONGEST, ModelName, check_allowed, is_folder_name, parse_name
from viz.models.packaged.packages import E5, MINILM
from viz.models.settings import Settings

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAMES = {
    "all-MiniLM-L6-v2": ModelName("embedded", "all-MiniLM-L6-v2"),
    "gpt2": ModelName("hub", "gpt2"),
    "bert-base-uncased": ModelName("hub", "bert-base-uncased"),
    "Helsinki-NLP/opus-mt-en-zh": ModelName("hub", "Helsinki-NLP/opus-mt-en-zh"),
    "Qwen/Qwen2.5-0.5B": ModelName("hub", "Qwen/Qwen2.5-0.5B"),
    "a/b@main": ModelName("hub", "a/b", "main"),
    "_x/y_z": ModelName("hub", "_x/y_z"),
    f"a/b@{COMMIT}": ModelName("hub", "a/b", COMMIT),
    "gpt2@refs/pr/3": ModelName("hub", "gpt2", "refs/pr/3"),
    "gpt2@v1.0-rc": ModelName("hub", "gpt2", "v1.0-rc"),
    "local:my-bert": ModelName("local", "my-bert"),
    "local:课堂 模型 (2)": ModelName("local", "课堂 模型 (2)"),
    "local:v1.0@main": ModelName("local", "v1.0@main"),
}
NO_NAMES = [
    "",
    " ",
    "/",
    "..",
    "../secrets",
    "a/..",
    "a/../b",
    "a/b/c",
    "./a",
    "~/a",
    "/etc/passwd",
    "C:\\models\\bert",
    "C:bert",
    "\\\\server\\share",
    "a\\b",
    "https://huggingface.co/gpt2",
    "file:///etc/passwd",
    "hf://gpt2",
    "a b",
    "a\x00b",
    "gpt2\n",
    "gpt2\x1b[31m",
    "gpt2%2e%2e",
    "a--b",
    "a..b",
    "-a",
    "a-",
    ".a",
    "a.",
    "a/.b",
    "a.git",
    "a/b.git",
    "gpt２",
    "a／b",
    "ａ",
    "a⁄b",
    "a/b?x",
    "a/b#x",
    "x" * 97,
    "a/" + "x" * 97,
    "gpt2@",
    "gpt2@../x",
    "gpt2@a//b",
    "gpt2@/a",
    "gpt2@a/",
    "gpt2@a..b",
    "gpt2@-x",
    "gpt2@a b",
    "gpt2@a@b",
    "gpt2@x.lock",
    "@main",
    "all-MiniLM-L6-v2@main",
    "LOCAL:a",
    "local:",
    "local: a",
    "local:.",
    "local:..",
    "local:.hidden",
    "local:a/b",
    "local:../a",
    "local:/etc",
    "local:a\\b",
    "local:C:\\a",
    "local:C:a",
    "local:a\x00",
    "local:a\n",
    "local:a／b",
    "local:a⁄b",
    "local:a∕b",
    "local:a＼b",
    "local:‥",
    "local:a\u202eb",
    "local:a\u200bb",
    "local:~",
    "local:$HOME",
    "local:file://x",
    "local:x.",
    "local:" + "x" * 101,
    "x" * (LONGEST + 1),
    "x" * 1_000_000,
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_parsed_and_given_back(text: str) -> None:
    assert parse_name(text) == NAMES[text]
    assert str(parse_name(text)) == text


def test_spaces_around_a_name_are_left_off() -> None:
    assert parse_name("  gpt2 ") == ModelName("hub", "gpt2")


@pytest.mark.parametrize("text", NO_NAMES, ids=lambda text: ascii(text)[:30])
def test_anything_else_is_no_name(text: str) -> None:
    with pytest.raises(ModelNotFound) as caught:
        parse_name(text)
    assert len(str(caught.value)) < 600


def test_the_message_shows_how_names_look() -> None:
    with pytest.raises(ModelNotFound, match=r"^\.\./a cannot be the name .*bert-base-uncased.*no paths"):
        parse_name("../a")
    with pytest.raises(ModelNotFound, match="201 characters; at most 200"):
        parse_name("x" * 201)


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="ab./\\:@-_ local", max_size=30))
def test_what_parses_is_harmless_as_a_path_and_as_an_address(text: str) -> None:
    try:
        name = parse_name(text)
    except ModelNotFound:
        return
    assert str(parse_name(str(name))) == str(name)
    assert not {"\\", ":", "%", "?", "#", "\0"} & set(name.id + (name.revision or ""))
    for parts in (name.id.split("/"), (name.revision or "x").split("/")):
        assert all(part and not part.startswith(".") for part in parts)
    if name.source == "local":
        assert "/" not in name.id


@given(st.text(min_size=1, max_size=5))
def test_a_folder_name_stays_below_its_folder(name: str) -> None:
    if is_folder_name(name):
        assert not {"/", "\\", ":", "\0"} & set(name)
        assert name not in (".", "..")


def test_the_embedded_names_are_those_of_the_cards() -> None:
    assert (MINILM.id, E5.id) == EMBEDDED


ALLOWED = ("bert-base-*", "hfl/*", "gpt2@refs/pr/?", "local:class-*", "x/*@*")


@pytest.fixture
def _restricted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.models.model_name.settings", lambda: Settings(allowed_models=ALLOWED))


@pytest.mark.usefixtures("_restricted")
@pytest.mark.parametrize(
    "text",
    [
        "all-MiniLM-L6-v2",
        "multilingual-e5-small",
        "bert-base-cased",
        "hfl/rbt3",
        "gpt2@refs/pr/3",
        "local:class-1",
        "x/y@main",
    ],
)
def test_a_model_on_the_list_is_allowed(text: str) -> None:
    check_allowed(parse_name(text))


@pytest.mark.usefixtures("_restricted")
@pytest.mark.parametrize(
    "text",
    [
        "gpt2",
        "gpt2@main",
        "gpt2@refs/pr/33",
        "BERT-BASE-cased",
        "xbert-base-cased",
        "bert-base-x/y",
        "bert-base-cased@refs/pr/1",
        "bert-base-cased@main",
        "x/hfl",
        "hfl",
        "hfl/rbt3@main",
        "x/y",
        "x/y@refs/pr/1",
        "local:other",
        "local:hfl",
    ],
)
def test_a_model_off_the_list_is_refused_with_the_list(text: str) -> None:
    with pytest.raises(
        ModelRefused, match=r"not among .* Allowed: bert-base-\*, hfl/\*.* and all-MiniLM-L6-v2"
    ):
        check_allowed(parse_name(text))


def test_without_a_list_all_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.models.model_name.settings", lambda: Settings(allowed_models=()))
    for text in NAMES:
        check_allowed(parse_name(text))
