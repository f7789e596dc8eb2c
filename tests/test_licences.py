"""docs/licences.md: true of what is required, and made by a command that refuses what nobody has read."""

import re
from email.message import Message
from importlib.metadata import version
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.scripts import ROOT, script


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    return script("licences")


def direct_requirements() -> dict[str, Requirement]:
    """All that stands in the two files and applies to this machine, by name."""
    lines = [
        line
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if re.match(r"\w", line)
    ]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one for one in found if one.marker is None or one.marker.evaluate()}


def rows_of_the_page() -> dict[str, tuple[str, str, bool]]:
    """Of each package: its version, its licence, whether it is direct."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    cells = [re.split(r" *\| *", line.strip("| ")) for line in page.splitlines() if line.startswith("| ")][1:]
    return {row[0].strip("*"): (row[1], row[2], row[0].startswith("**")) for row in cells}


def metadata(**fields: str) -> Message:
    message = Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message


def test_every_requirement_is_listed_with_its_version_and_licence(licences: ModuleType) -> None:
    wanted, rows = direct_requirements(), rows_of_the_page()
    assert len(wanted) > 40
    for name, requirement in wanted.items():
        assert name in rows, f"{name} is new: run `make licences`"
        listed_version, licence, is_direct = rows[name]
        assert requirement.specifier.contains(listed_version), f"{name} has changed: run `make licences`"
        assert is_direct
        assert licences.is_free(licence)
    assert {name for name, (_, _, is_direct) in rows.items() if is_direct} >= set(wanted)


def test_what_is_installed_has_the_licences_that_are_listed(licences: ModuleType) -> None:
    found, problems = licences.listed()
    assert problems == []
    rows = rows_of_the_page()
    for name, its_version, licence, *_ in found:
        if name in rows and rows[name][0] == its_version:
            assert rows[name][1] == licence
    assert {name for name, *_ in found} >= {"jinja2", "certifi", "sympy"}  # indirect ones are followed


@pytest.mark.parametrize(
    ("stated", "licence"),
    [
        ({"License_Expression": "MIT OR Apache-2.0", "License": "other"}, "MIT OR Apache-2.0"),
        ({"License": "Apache 2.0"}, "Apache-2.0"),
        ({"License": "The MIT License (MIT)\n\nCopyright ..."}, "MIT"),
        ({"License": "UNKNOWN", "Classifier": "License :: OSI Approved :: ISC License (ISCL)"}, "ISC"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD"),
    ],
)
def test_each_way_to_state_a_licence_is_read(
    licences: ModuleType, stated: dict[str, str], licence: str
) -> None:
    found = licences.licence_of("some-package", metadata(**stated))
    assert found == licence
    assert licences.is_free(found)


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"License": "UNKNOWN"},
        {"License": "Proprietary"},
        {"License_Expression": "LicenseRef-NVIDIA-Proprietary"},
        {"License_Expression": "MIT AND LicenseRef-NoRedistribution"},
        {"Classifier": "License :: Other/Proprietary License"},
        {"Classifier": "License :: Free for non-commercial use"},
    ],
)
def test_what_is_unknown_or_forbids_is_refused(
    licences: ModuleType, stated: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = licences.licence_of("some-package", metadata(**stated))
    assert not licences.is_free(licence)
    monkeypatch.setattr(licences, "licence_of", lambda name, _: licence if name == "numpy" else "MIT")
    _, problems = licences.listed()
    assert problems == [f"  numpy {version('numpy')}: {licence or 'unknown'}"]
    with pytest.raises(SystemExit, match="numpy"):
        licences.main(["--check"])


def test_what_was_read_by_hand_is_still_needed(licences: ModuleType) -> None:
    found, _ = licences.listed()
    assert set(licences.READ) <= {name for name, *_ in found} | {"axe-playwright-python"}
