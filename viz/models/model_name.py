"""What a person may call a model: parsed, bounded, and never a path or an address.

parse_name("gpt2")                  # ModelName(source="hub", id="gpt2", revision=None)
parse_name("hfl/rbt3@refs/pr/1")    # ModelName(source="hub", id="hfl/rbt3", revision="refs/pr/1")
parse_name("local:my model")        # ModelName(source="local", id="my model", revision=None)
parse_name("all-MiniLM-L6-v2")      # ModelName(source="embedded", ...)
"""

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase

from viz.errors import ModelNotFound, ModelRefused
from viz.language import _
from viz.models.card import Source
from viz.models.settings import settings

EMBEDDED = ("all-MiniLM-L6-v2", "multilingual-e5-small")
LOCAL = "local:"
LONGEST = 200
_LONGEST_FOLDER = 100

# The hub's own rule for names, in ASCII: 96 signs, no two dots or hyphens in a row, none at either end.
_PART = r"(?=[^/]{1,96}(?:/|$))[A-Za-z0-9_](?:[.-]?[A-Za-z0-9_])*"
_HUB_ID = re.compile(rf"(?:{_PART}/)?{_PART}")
# A branch, a tag, refs/pr/3 or a commit, of what git allows the part that is no trouble anywhere.
_REVISION = re.compile(r"[A-Za-z0-9_](?:[./-]?[A-Za-z0-9_])*")


@dataclass(frozen=True)
class ModelName:
    """Where a model comes from, its id there, and the revision asked for (None: the newest).

    The id of a local model is the name of its folder; `str()` gives what `parse_name` takes, with "local:".
    """

    source: Source
    id: str
    revision: str | None = None

    def __str__(self) -> str:
        prefix = LOCAL if self.source == "local" else ""
        return prefix + self.id + (f"@{self.revision}" if self.revision else "")


def parse_name(text: str) -> ModelName:
    """The name that a person typed or a link carries, spaces around it left off.

    Raises ModelNotFound for all that cannot be one: paths, addresses, control characters, over 200 characters.
    """
    name = text.strip(" ")
    if len(name) > LONGEST:
        raise ModelNotFound(
            _(
                "The name of a model has {received} characters; at most {most} are expected. Check what was pasted."
            ),
            received=len(name),
            most=LONGEST,
        )
    if name in EMBEDDED:
        return ModelName("embedded", name)
    if name.startswith(LOCAL):
        return ModelName("local", _folder_name(name.removeprefix(LOCAL)))
    model_id, mark, revision = name.partition("@")
    right_id = _HUB_ID.fullmatch(model_id) and not model_id.endswith(".git") and model_id not in EMBEDDED
    if not right_id or (mark and not _is_revision(revision)):
        raise ModelNotFound(
            _(
                "{received} cannot be the name of a model. Names look like {simple} or {owner}, with {revision} "
                "behind it where a certain revision is meant; no paths and no addresses."
            ),
            received=name,
            simple="bert-base-uncased",
            owner="google-t5/t5-small",
            revision="@main",
        )
    return ModelName("hub", model_id, revision or None)


def is_folder_name(name: str) -> bool:
    """Whether `name` is one plain name of a folder on any system: no separators, nothing hidden or invisible."""
    return (
        0 < len(name) <= _LONGEST_FOLDER
        and name[0] not in " ."
        and name[-1] not in " ."
        # What looks like a separator (fullwidth, fraction slash) may be turned into one by a file system.
        and all(_is_plain(character) for character in name + unicodedata.normalize("NFKC", name))
    )


def check_allowed(name: ModelName) -> None:
    """Raise ModelRefused for a model that the settings do not allow. Embedded models always are.

    Patterns are compared part by part, so that `bert-*` allows neither `bert-x/y` nor another revision of `bert-x`.
    """
    allowed = settings().allowed_models
    if name.source == "embedded" or not allowed or any(_matches(str(name), pattern) for pattern in allowed):
        return
    raise ModelRefused(
        _("{received} is not among the models that may be loaded here. Allowed: {allowed}, and {embedded}."),
        received=str(name),
        allowed=", ".join(allowed),
        embedded=", ".join(EMBEDDED),
    )


def _folder_name(name: str) -> str:
    if not is_folder_name(name):
        raise ModelNotFound(
            _(
                "{received} cannot be a local model. Behind {prefix} comes the name of one folder, without "
                "slashes, colons or a dot in front."
            ),
            received=LOCAL + name,
            prefix=LOCAL,
        )
    return name


def _is_plain(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in " ._-+=@()[],"


def _is_revision(text: str) -> bool:
    return _REVISION.fullmatch(text) is not None and len(text) <= 100 and not text.endswith(".lock")


def _matches(name: str, pattern: str) -> bool:
    names, patterns = re.split("[@/]", name), re.split("[@/]", pattern)
    marks = re.sub("[^@/]", "", name), re.sub("[^@/]", "", pattern)
    return marks[0] == marks[1] and all(map(fnmatchcase, names, patterns))
