"""Renews the lock files: every package that is installed, direct and indirect, with its files' hashes.

    python .ci/lock.py

All requirements files are resolved at once by uv, for every system and every Python from 3.11 on, from the
index that uv is set to (UV_INDEX_URL). Then each package goes to one file:

    requirements.lock      the app, with torch of the Python Package Index (on Linux: with CUDA)
    requirements-cpu.lock  the app, with torch's CPU build
    locks/common.lock      what both have, included by both
    locks/dev.lock         what the tests need on top
    locks/syntax.lock      what requirements-syntax.txt adds

torch's CPU builds stand in an index of their own. The hash of the one that pip takes on this machine is
added, and those already in requirements-cpu.lock for the same version are kept.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = "requirements.txt"
MORE = {"locks/dev.lock": "requirements-dev.txt", "locks/syntax.lock": "requirements-syntax.txt"}
CPU_LOCK = "requirements-cpu.lock"
CUDA = ("nvidia-", "cuda-", "triton==")
SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")

MADE = "# Made by `make lock`; not to be edited. "
COMMON = "-r locks/common.lock\n"
HEADS = {
    "requirements.lock": """\
The app, with torch of the Python Package Index, on Linux with CUDA:
#     pip install --require-hashes -r requirements.lock
# For Python 3.11 to 3.13 on Linux, macOS and Windows. The hashes are those that the index gives for all files
# of a version, so also those of other systems, where an installation was not tried.
""",
    CPU_LOCK: """\
The app, with torch's CPU build, from PyTorch's own index:
#     pip install --require-hashes --extra-index-url THAT_INDEX -r requirements-cpu.lock
# Covers the CPU builds whose hashes stand below. One for another Python or processor is refused; `make lock`
# adds it where it is run on such a machine, and keeps the others.
""",
    "locks/common.lock": "What requirements.lock and requirements-cpu.lock both install.\n",
    "locks/dev.lock": """\
What `make test` and `make bench` need on top:
#     pip install --require-hashes -r requirements.lock -r locks/dev.lock
""",
    "locks/syntax.lock": """\
What requirements-syntax.txt adds:
#     pip install --require-hashes -r requirements.lock -r locks/syntax.lock
""",
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.txt"
        whole.write_text(compiled([APP, *MORE.values()]), encoding="utf-8")
        app = blocks(compiled([APP], constraints=whole))
        more = {lock: blocks(compiled([source], constraints=whole)) for lock, source in MORE.items()}
    (ROOT / "locks").mkdir(exist_ok=True)
    of_torch = [block for block in app if name_of(block) == "torch" or block.startswith(CUDA)]
    write("requirements.lock", of_torch, COMMON)
    write("locks/common.lock", [block for block in app if block not in of_torch])
    [torch] = [block for block in of_torch if name_of(block) == "torch"]
    write(CPU_LOCK, [cpu_build(torch)], COMMON)
    of_app = {name_of(block) for block in app}
    for lock, found in more.items():
        write(lock, [block for block in found if name_of(block) not in of_app])


def compiled(sources, constraints=None):
    """What uv resolves the files to: one block a package, `name==version ; marker` and its hashes."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--quiet", *sources]
    if constraints:
        command += ["--constraints", str(constraints)]
    return subprocess.run(command, cwd=str(ROOT), check=True, stdout=subprocess.PIPE, text=True).stdout


def blocks(text):
    return re.findall(r"^[a-z0-9].*\n(?:    .*\n)*", text, flags=re.MULTILINE | re.IGNORECASE)


def name_of(block):
    return block.split("==")[0]


def cpu_build(torch):
    """The block of torch's CPU build: the hashes known before for this version, and that of this machine's."""
    wanted = torch.split()[0]
    lock = ROOT / CPU_LOCK
    before = blocks(lock.read_text(encoding="utf-8")) if lock.exists() else []
    digests = {
        digest for block in before if block.startswith(wanted + "+cpu") for digest in SHA256.findall(block)
    }
    version, digest = what_pip_takes(wanted)
    if version.endswith("+cpu"):
        digests.add(digest)
    if not digests:
        sys.exit(
            "Error: no CPU build of torch is known. Name PyTorch's index of them to pip (PIP_EXTRA_INDEX_URL)."
        )
    return f"{wanted}+cpu" + "".join(f" \\\n    --hash=sha256:{one}" for one in sorted(digests)) + "\n"


def what_pip_takes(requirement):
    """(version, sha256) of the file that pip would install for a requirement here."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "-qq", "--ignore-installed", "--no-deps"]
    command += ["--report", "-", requirement]
    report = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    [package] = json.loads(report)["install"]
    return package["metadata"]["version"], package["download_info"]["archive_info"]["hashes"]["sha256"]


def write(lock, found, include=""):
    (ROOT / lock).write_text(MADE + HEADS[lock] + include + "".join(found), encoding="utf-8")
    print(f"{lock}: {len(found)} packages")


if __name__ == "__main__":
    main()
