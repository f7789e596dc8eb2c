"""The command `python -m viz.models`: fetch models ahead, and list them."""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from viz.errors import ModelError, VizError
from viz.models import hub
from viz.models.card import ModelCard
from viz.models.catalogue import folder_of, list_models
from viz.models.loading import availability, is_here
from viz.models.model_name import check_allowed, parse_name
from viz.models.settings import settings

FAILED = 1

WRONG_USE = 2

STOPPED = 130  # as a shell says it of a program ended by Ctrl+C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, those of the process where None; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings()
    except VizError as problem:
        _complain(problem)
        return WRONG_USE
    if options.command == "list":
        print_models(only_here=options.here)
        return 0
    try:
        return fetch_models(options.id)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was fetched is kept: run the command again to go on.\n")
        return STOPPED


def fetch_models(ids: Sequence[str]) -> int:
    """Fetch each model into the cache; one that fails does not keep the others. 0, or 1 where one failed."""
    failed = False
    for model_id in dict.fromkeys(ids):
        try:
            sys.stdout.write(_fetch(model_id) + "\n")
            sys.stdout.flush()
        except VizError as problem:
            failed = True
            _complain(problem)
    return FAILED if failed else 0


def print_models(only_here: bool) -> None:
    """Write a table of the models: id, where it is, size, layers x heads, languages."""
    rows = [("id", "where", "size", "layers x heads", "languages"), *_rows(only_here)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m viz.models", description="The models of Attention Atlas: fetch them ahead, list them."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    fetching = commands.add_parser("fetch", help="fetch models from the hub into the cache")
    fetching.add_argument("id", nargs="+", help="such as bert-base-uncased or google-t5/t5-small@main")
    listing = commands.add_parser("list", help="list the models, and where they are")
    listing.add_argument("--here", action="store_true", help="only those that can be used with no download")
    return parser


def _fetch(model_id: str) -> str:
    name = parse_name(model_id)
    check_allowed(name)
    if name.source != "hub":
        problem = availability(model_id)
        if problem is not None:
            raise problem
        return f"{name}  {'comes with the app' if name.source == 'embedded' else 'is a local model'}"
    snapshot = hub.cached_snapshot(name.id, name.revision)
    if snapshot is None:
        plan = hub.plan(name.id, name.revision)
        with tqdm(desc=str(name), total=plan.nbytes, unit="B", unit_scale=True, file=sys.stderr) as bar:

            def show(progress: hub.Progress) -> None:
                bar.set_postfix_str(progress.file, refresh=False)
                bar.update(progress.done - bar.n)

            snapshot = hub.fetch(plan, show)
    return f"{name}  {snapshot.revision}  {_size(_bytes_in(snapshot.folder))}"


def _rows(only_here: bool) -> Iterator[tuple[str, str, str, str, str]]:
    for card in list_models():
        usable = availability(card.id) is None and is_here(card.id)
        if only_here and not usable:
            continue
        place = (
            ("here" if usable else "hub") if card.source == "hub" else card.source if usable else "missing"
        )
        decoder = f" + {card.decoder_layers} x {card.decoder_heads}" if card.decoder_layers else ""
        shape = f"{card.layers} x {card.heads}{decoder}"
        yield card.id, place, _size(_nbytes(card, usable)), shape, " ".join(card.languages) or "-"


def _nbytes(card: ModelCard, usable: bool) -> int:
    try:
        folder = folder_of(parse_name(card.id)) if usable else None
    except ModelError:
        folder = None
    return _bytes_in(folder) if folder is not None else card.nbytes


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _size(nbytes: int) -> str:
    if not nbytes:
        return "-"
    return f"{nbytes / 1e6:,.0f} MB" if nbytes >= 10e6 else f"{nbytes / 1e6:.1f} MB"


def _complain(problem: VizError) -> None:
    """The error on stderr, with nothing in it that a terminal would obey."""
    message = "".join(character if character.isprintable() else "?" for character in str(problem))
    sys.stderr.write(f"Error: {message}\n")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may lack a letter of a folder's name
    sys.exit(main())
