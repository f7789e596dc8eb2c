"""Prints how much of each module of viz/ the last `pytest --cov` ran, least first.

    python .ci/coverage_of_modules.py [FLOOR]

Ends with an error where a module is under FLOOR percent (85). What only a browser makes the app's server run
counts as not run: the server is a process of its own.
"""

import sys
from pathlib import Path

from coverage import Coverage

FLOOR = 85.0


def main(arguments):
    floor = float(arguments[0]) if arguments else FLOOR
    low = []
    for percent, name, missing in modules():
        print(f"{percent:6.1f}  {name}" + (f"  not run: {missing}" if percent < floor else ""))
        if percent < floor:
            low.append(name)
    if low:
        sys.exit(f"Error: under {floor:g} % of its lines were run of {len(low)} modules: {', '.join(low)}")
    print(f"Each module: at least {floor:g} %")


def modules():
    """(percent, file, lines not run) of each module, least first."""
    coverage = Coverage()
    coverage.load()
    rows = []
    for file in coverage.get_data().measured_files():
        _name, lines, _excluded, missing, _text = coverage.analysis2(file)
        percent = 100 * (1 - len(missing) / len(lines)) if lines else 100.0
        shown = ", ".join(map(str, missing[:20])) + (" ..." if len(missing) > 20 else "")
        rows.append((percent, str(Path(file).relative_to(Path.cwd())), shown))
    return sorted(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
