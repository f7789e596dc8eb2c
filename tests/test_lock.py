"""The lock files: every requirement in its version, every file by its hash, both builds of torch."""

import re
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.scripts import ROOT, script

APP_LOCKS = ("requirements.lock", "requirements-cpu.lock")
ALL_LOCKS = (*APP_LOCKS, "locks/common.lock", "locks/dev.lock", "locks/syntax.lock")
CASES = [("requirements.txt", lock, ()) for lock in APP_LOCKS] + [
    ("requirements-dev.txt", "requirements.lock", ("locks/dev.lock",)),
    ("requirements-syntax.txt", "requirements.lock", ("locks/syntax.lock",)),
]


@pytest.fixture(scope="module")
def lock() -> ModuleType:
    return script("lock")


def locked(file: str) -> list[tuple[Requirement, int]]:
    """What pip reads of a lock file and of those it includes: each package, and how many hashes it has."""
    found: list[tuple[Requirement, int]] = []
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "")
    for line in text.splitlines():
        if line.startswith("-r "):
            found += locked(line[3:].strip())
        elif not line.startswith("#"):
            wanted, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
            assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in hashes)
            found.append((Requirement(wanted), len(hashes)))
    return found


def required(file: str) -> list[Requirement]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if re.match(r"\w", line)]


@pytest.mark.parametrize(("source", "main", "more"), CASES)
def test_every_requirement_is_locked_in_its_version(source: str, main: str, more: tuple[str, ...]) -> None:
    packages = [package for file in (main, *more) for package, _ in locked(file)]
    wanted = required(source)
    assert wanted
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        versions = [str(one.specifier)[2:] for one in packages if canonicalize_name(one.name) == name]
        assert versions, f"{name} is not in the lock: run `make lock`"
        for each in versions:
            assert requirement.specifier.contains(each), f"{name}: the lock has {each}: run `make lock`"


@pytest.mark.parametrize("file", ALL_LOCKS)
def test_every_package_has_one_version_and_a_hash(file: str) -> None:
    packages = locked(file)
    for package, hashes in packages:
        assert re.fullmatch(r"==[^,*]+", str(package.specifier)), str(package)
        assert hashes >= 1, str(package)
    plain = [package.name for package, _ in packages if package.marker is None]
    assert len(plain) == len(set(plain))


def test_no_address_stands_in_a_lock() -> None:
    for file in ALL_LOCKS:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not re.search(r"://|--index|--find-links| @ ", text)
        assert not [line for line in text.splitlines() if line.startswith("--")]


def test_both_builds_of_torch_are_there_and_cuda_only_with_one() -> None:
    torch = {file: [one for one in locked(file) if one[0].name == "torch"] for file in APP_LOCKS}
    [(index_build, files)] = torch["requirements.lock"]
    [(cpu_build, cpu_files)] = torch["requirements-cpu.lock"]
    assert str(cpu_build.specifier) == f"{index_build.specifier}+cpu"
    assert files > 10
    assert cpu_files >= 1
    cuda = {
        file: [one.name for one, _ in locked(file) if one.name.startswith("nvidia-")] for file in APP_LOCKS
    }
    assert len(cuda["requirements.lock"]) > 5
    assert cuda["requirements-cpu.lock"] == []


def test_known_cpu_builds_are_kept(lock: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock renewed on another machine has the hash of its own CPU build, and those from before."""
    before = set(lock.SHA256.findall((ROOT / "requirements-cpu.lock").read_text(encoding="utf-8")))
    [(package, _)] = [one for one in locked("requirements-cpu.lock") if one[0].name == "torch"]
    ours = str(package.specifier)[2:]
    index_block = f"torch=={ours.removesuffix('+cpu')} \\\n    --hash=sha256:{'0' * 64}\n"
    monkeypatch.setattr(lock, "what_pip_takes", lambda _: (ours, "f" * 64))
    assert set(lock.SHA256.findall(lock.cpu_build(index_block))) == before | {"f" * 64}
    monkeypatch.setattr(lock, "what_pip_takes", lambda _: (ours.removesuffix("+cpu"), "e" * 64))
    assert set(lock.SHA256.findall(lock.cpu_build(index_block))) == before
    with pytest.raises(SystemExit, match="CPU build"):
        lock.cpu_build(index_block.replace("torch==", "torch==99."))
