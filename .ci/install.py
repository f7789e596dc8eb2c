"""Makes .venv and installs requirements files into it; does nothing when nothing has changed.

    python3 .ci/install.py [--only-this-python] requirements.txt [requirements-dev.txt ...]

For each file a stamp in .venv/.stamps keeps the digest of what was installed: the file, the files it
includes, and the Python it was installed for. The stamp is taken away before an installation and
written after it, so that one that was stopped halfway is taken up again.

Only the standard library, and only syntax that an old Python reads, so that it can say it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
NEWEST = (3, 13)
PRINT_VERSION = "import sys; print(*sys.version_info[:2])"


def main(arguments):
    files = [ROOT / name for name in arguments if not name.startswith("--")]
    ensure_venv(VENV, only_this_python="--only-this-python" in arguments)
    for file in files:
        ensure_installed(file, VENV)


def ensure_venv(venv, only_this_python=False):
    """Leaves a working environment of a supported Python in `venv`, made anew only if there is none.

    The interpreter running this is the first choice, and the only one with `only_this_python`.
    """
    running = sys.version_info[:2]
    found = version_of(venv / "bin" / "python")
    if is_supported(found) and (found == running or not only_this_python) and has_pip(venv):
        return
    python = choose_python(running, only_this_python)
    say("Making {} with Python {}.{}".format(venv.name, *version_of(python)))
    if subprocess.call([str(python), "-m", "venv", "--clear", str(venv)], stdin=subprocess.DEVNULL) != 0:
        fail("The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv")


def ensure_installed(file, venv):
    """Installs a requirements file into `venv`, unless just that is there already."""
    stamp = venv / ".stamps" / (file.name + ".sha256")
    wanted = fingerprint(file, venv)
    if stamp.is_file() and stamp.read_text() == wanted:
        say("{}: all of it is installed".format(file.name))
        return
    say("{}: installing what is missing (the first time takes some minutes)".format(file.name))
    stamp.parent.mkdir(exist_ok=True)
    if stamp.exists():
        stamp.unlink()
    forget_half_installed(venv)
    if run_pip_install(file, venv) != 0:
        fail("{} could not be installed; see above. What was done is kept: run it again.".format(file.name))
    unfinished = stamp.with_suffix(".new")
    unfinished.write_text(wanted)
    unfinished.replace(stamp)


def run_pip_install(file, venv):
    """pip's exit status. What it says is passed on, less a line for each package already there."""
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--no-input", "-r", str(file)]
    quiet = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    with subprocess.Popen(
        command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, universal_newlines=True
    ) as pip:
        for line in pip.stdout:
            if not line.startswith("Requirement already satisfied"):
                say(line.rstrip())
    return pip.returncode


def fingerprint(file, venv):
    """A digest of the file, of the files it includes with `-r`, and of the environment's Python."""
    digest = hashlib.sha256((venv / "pyvenv.cfg").read_bytes())
    waiting, seen = [file], set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        content = current.read_bytes()
        digest.update(content)
        for line in content.decode("utf-8").splitlines():
            if line.startswith("-r "):
                waiting.append(current.parent / line[3:].strip())
    return digest.hexdigest()


def forget_half_installed(venv):
    """Removes the records of packages that an earlier, stopped pip was still unpacking.

    pip takes a package for installed as soon as its metadata is there; INSTALLER comes at the end.
    """
    for folder in venv.glob("lib/python*/site-packages/*.dist-info"):
        if not (folder / "INSTALLER").exists():
            say("{}: was left half installed, and is installed again".format(folder.name))
            shutil.rmtree(str(folder))


def choose_python(running, only_this_python):
    """The path of a supported interpreter, or the end of the program with what to do."""
    if is_supported(running):
        # In an activated environment the running one may lie in the folder about to be cleared.
        return Path(getattr(sys, "_base_executable", sys.executable))
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which("python3.{}".format(minor))
        if path and not only_this_python and is_supported(version_of(path)):
            return Path(path)
    return fail(
        "Python {}.{} to {}.{} is needed, and {} is {}.{}. Install one, or name one: "
        "make PYTHON=/path/to/python3.12 setup".format(*OLDEST, *NEWEST, sys.executable, *running)
    )


def is_supported(version):
    return version is not None and OLDEST <= version <= NEWEST


def version_of(python):
    """(major, minor) of an interpreter, None where there is none that runs."""
    try:
        command = [str(python), "-I", "-S", "-c", PRINT_VERSION]
        shown = subprocess.check_output(command, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = shown.split()
    return int(major), int(minor)


def has_pip(venv):
    """Whether pip can run. A stamp proves it; without one it is asked, which takes longer."""
    if any(venv.glob(".stamps/*.sha256")):
        return True
    command = [str(venv / "bin" / "python"), "-m", "pip", "--version"]
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def say(line):
    print(line, flush=True)


def fail(line):
    sys.exit("Error: " + line)


if __name__ == "__main__":
    os.chdir(str(ROOT))
    main(sys.argv[1:])
