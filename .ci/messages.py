"""Bring the translation catalogues up to date with the sentences in the code: `make messages`.

Sentences are marked `_()` in the core, `tr()` and `trn()` in `viz/ui` and the pages. New ones are added with an empty
translation, ones that are gone are dropped; nothing is guessed.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "tr": None, "trn": (1, 2)}
FILES = ("app.py", "viz/**.py", "pages/**.py", "tools/**.py")


def sentences() -> Catalog:
    """All marked sentences of the app, without translations."""
    catalogue = Catalog(project="Attention Atlas", charset="utf-8", fuzzy=False)
    files = extract_from_dir(
        str(ROOT),
        method_map=[(pattern, "python") for pattern in FILES],
        keywords=KEYWORDS,
        directory_filter=lambda path: f"{Path(path).relative_to(ROOT).parts[0]}/**.py" in FILES,
    )
    for file, line, message, comments, context in files:
        catalogue.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalogue


def main() -> int:
    """Update each catalogue in place; 1 if a sentence lacks its translation."""
    missing = 0
    template = sentences()
    for path in sorted(ROOT.glob("viz/language/locale/*/LC_MESSAGES/atlas.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, no_location=True, omit_header=False)
        empty = [message.id for message in catalogue if message.id and not _translated(message.string)]
        missing += len(empty)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {len(empty)} without translation")
        for message_id in empty:
            print("   ", repr(message_id))
    return 1 if missing else 0


def _translated(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
