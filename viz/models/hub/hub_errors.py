"""What the hub and its client report, as sentences for people.

No sentence holds an address, a token or the client's own text; that text stays behind, as the cause.
"""

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import httpx2
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from viz.errors import HubError, ModelError, ModelFileError, ModelNotFound
from viz.language import _
from viz.models.hub.cache import usable_ids
from viz.models.settings import variable

# Worth another try: too slow, too many requests, or trouble at the hub that passes.
RETRIED = frozenset((408, 429, 500, 502, 503, 504))


Cause = Literal["unreachable", "switched off", "offline", "not understood", "broken off"]
_SENTENCES: Mapping[Cause, str] = {
    "unreachable": _(
        "The hub cannot be reached, so {model} cannot be downloaded; what can be used now: {known}."
    ),
    "switched off": _(
        "{model} is not on this computer, and this app may not fetch models. Choose one of: {known}."
    ),
    "offline": _(
        "{model} is not on this computer, and {variable} forbids downloads; what can be used now: {known}."
    ),
    "not understood": _(
        "The hub's answer about {model} cannot be understood. Check that {variable} and the proxy lead to a "
        "model hub, or try again later."
    ),
    "broken off": _(
        "The connection to the hub broke off while {file} of {model} was on its way. What has arrived is "
        "kept: try again, and the download goes on from there."
    ),
}
_VARIABLES: Mapping[Cause, str] = {"offline": "HF_HUB_OFFLINE", "not understood": "HF_ENDPOINT"}


def hub_error(cause: Cause, model: str, file: str = "") -> HubError:
    """Why the hub does not give a model: it is not asked, does not answer, or breaks off in a file."""
    return HubError(
        _SENTENCES[cause], model=model, file=file, variable=_VARIABLES.get(cause, ""), known=usable_ids()
    )


def status_error(exc: HfHubHTTPError, model: str, revision: str | None) -> ModelError:
    """What an answer with an error's status means."""
    status = exc.response.status_code
    is_file = isinstance(exc, EntryNotFoundError)
    kind: type[ModelError] = HubError
    if isinstance(exc, GatedRepoError) or status == 403:
        sentence = _(
            "The hub gives {model} only to those who asked for it. Ask on the model's page, and have the "
            "host of this app set {variable}; or choose another model."
        )
    elif isinstance(exc, RevisionNotFoundError):
        kind = ModelNotFound
        sentence = _("The hub's {model} has no revision {revision}. Leave it off to get the newest.")
    elif isinstance(exc, DisabledRepoError):
        sentence = _("The hub does not give {model} any more: it was disabled. Choose another.")
    elif isinstance(exc, RepositoryNotFoundError) or (status in (401, 404) and not is_file):
        kind = ModelNotFound
        sentence = _(
            "The hub has no model {model}, or does not show it to everybody. Check the spelling, upper and "
            "lower case included; for a private model have the host set {variable}."
        )
    elif status == 429:
        sentence = _(
            "The hub has had too many requests from here to give {model}. Try again in some minutes."
        )
    else:
        sentence = _(
            "The hub has trouble of its own (status {status}) and does not give {model}. Try again later."
        )
    return kind(sentence, model=model, revision=revision or "main", status=status, variable="HF_TOKEN")


def disk_error(exc: OSError, model: str, folder: Path) -> ModelFileError:
    """The cache cannot take the files."""
    return ModelFileError(
        _("There is no space left for {model} in {folder}. Free some, or set {variable} to another folder.")
        if exc.errno in (errno.ENOSPC, errno.EDQUOT)
        else _(
            "{model} cannot be kept in {folder} ({reason}). Make the folder writable, or set {variable} to "
            "another one."
        ),
        model=model,
        folder=folder,
        reason=exc.strerror or type(exc).__name__,
        variable=variable("cache"),
    )


def question_error(exc: Exception, model: str, revision: str | None) -> ModelError:
    """What went wrong when the hub was asked about a model."""
    if isinstance(exc, HfHubHTTPError):
        return status_error(exc, model, revision)
    if isinstance(exc, OfflineModeIsEnabled):
        return hub_error("offline", model)
    if isinstance(exc, httpx2.TransportError | OSError):
        return hub_error("unreachable", model)
    return hub_error("not understood", model)
