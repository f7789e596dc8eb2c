"""`make coverage`: a module under the floor ends it with an error that names the module."""

from pathlib import Path
from types import ModuleType

import pytest
from coverage import Coverage

from tests.scripts import script


@pytest.fixture
def report() -> ModuleType:
    return script("coverage_of_modules")


def test_a_module_under_the_floor_fails(
    report: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "modules", lambda: [(84.9, "viz/a.py", "1, 2"), (100.0, "viz/b.py", "")])
    with pytest.raises(SystemExit, match=r"1 modules: viz/a\.py"):
        report.main([])
    assert "84.9  viz/a.py  not run: 1, 2" in capsys.readouterr().out
    report.main(["84"])
    assert "at least 84 %" in capsys.readouterr().out


def test_it_reads_what_was_run_line_by_line(
    report: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "small.py"
    module.write_text("a = 1\nif a == 2:\n    b = 3\n    c = 4\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COVERAGE_FILE", raising=False)
    data = Coverage(include=[str(module)]).get_data()
    data.add_lines({str(module): [1, 2]})
    data.write()
    assert report.modules() == [(50.0, "small.py", "3, 4")]
