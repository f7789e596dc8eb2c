"""Every sentence a person sees is translated, and every translation fits its sentence."""

import ast
import importlib.util
import string
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted(ROOT.glob("viz/language/locale/*/LC_MESSAGES/atlas.po"))


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / ".ci" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _places(sentence: str) -> set[str]:
    return {f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(sentence) if name is not None}


def _forms(sentence: object) -> list[str]:
    """The singular and the plural of a sentence, or just the sentence."""
    return [str(form) for form in sentence] if isinstance(sentence, list | tuple) else [str(sentence or "")]


def test_there_is_a_catalogue() -> None:
    assert [path.parts[-3] for path in CATALOGUES] == ["zh_Hans"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated(path: Path, messages: ModuleType) -> None:
    with path.open("rb") as file:
        catalogue = {message.id: message for message in read_po(file) if message.id}
    wanted = {message.id for message in messages.sentences() if message.id}
    assert len(wanted) > 50
    assert wanted - set(catalogue) == set(), "run `make messages`, then translate"
    assert set(catalogue) - wanted == set(), "run `make messages`"
    for message in catalogue.values():
        assert not message.fuzzy
        forms, originals = _forms(message.string), _forms(message.id)
        for form in forms:
            assert form.strip(), f"no translation of {message.id!r}"
            assert _places(form) == _places(originals[-1]), message.id
            assert form.count("**") == originals[-1].count("**"), message.id


def test_a_sentence_that_is_not_marked_is_found(messages: ModuleType, tmp_path: Path) -> None:
    """The extractor sees each of the three marks, so that the test above can fail."""
    from babel.messages.extract import extract_from_dir

    (tmp_path / "a.py").write_text('_("one")\ntr("two {n}", n=1)\ntrn("three", "threes", 3)\nother("four")\n')
    found = {
        m
        for _, _, m, _, _ in extract_from_dir(
            str(tmp_path), [("**.py", "python")], keywords=messages.KEYWORDS
        )
    }
    assert found == {"one", "two {n}", ("three", "threes")}


def test_no_sentence_hides_in_an_f_string() -> None:
    """There the extractor of Python 3.11 does not see it."""
    sources = [path for folder in ("viz", "pages") for path in ROOT.glob(f"{folder}/**/*.py")]
    assert len(sources) > 20
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
                literal = [c for c in calls if c.args and isinstance(c.args[0], ast.Constant)]
                names = {c.func.id for c in literal if isinstance(c.func, ast.Name)}
                assert not names & {"_", "tr", "trn"}, path
