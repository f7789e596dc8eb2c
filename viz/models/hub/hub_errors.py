"""What the hub and its client report, as sentences for people.

No sentence holds an address, a token or the client's own text; that text stays behind, as the cause.
"""

import errno
from pathlib import Path

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

# Worth another try: too slow, too many requests, or trouble at the hub that passes.
RETRIED = frozenset((408, 429, 500, 502, 503, 504))


def unreachable(model: str) -> HubError:
    """There is no way to the hub, or it does not answer."""
    return HubError(
        _("The hub cannot be reached, so {model} cannot be downloaded; what can be used now: {known}."),
        model=model,
        known=usable_ids(),
    )


def switched_off(model: str) -> HubError:
    """The settings say that nothing is fetched."""
    return HubError(
        _("{model} is not on this computer, and this app may not fetch models. Choose one of: {known}."),
        model=model,
        known=usable_ids(),
    )


def offline(model: str) -> HubError:
    """The hub's client has been told to stay offline."""
    return HubError(
        _(
            "{model} is not on this computer, and {variable} forbids downloads; what can be used now: {known}."
        ),
        model=model,
        variable="HF_HUB_OFFLINE",
        known=usable_ids(),
    )


def not_understood(model: str) -> HubError:
    """The answer is not one that a hub gives."""
    return HubError(
        _(
            "The hub's answer about {model} cannot be understood. Check that {variable} and the proxy lead to a "
            "model hub, or try again later."
        ),
        model=model,
        variable="HF_ENDPOINT",
    )


def broken_off(model: str, file: str) -> HubError:
    """The connection ended again and again, with some of the file fetched."""
    return HubError(
        _(
            "The connection to the hub broke off while {file} of {model} was on its way. What has arrived is "
            "kept: try again, and the download goes on from there."
        ),
        model=model,
        file=file,
    )


def status_error(exc: HfHubHTTPError, model: str, revision: str | None) -> ModelError:
    """What an answer with an error's status means."""
    status = exc.response.status_code
    if isinstance(exc, GatedRepoError) or status == 403:
        return HubError(
            _(
                "The hub gives {model} only to those who asked for it. Ask on the model's page, and have the "
                "host of this app set {variable}; or choose another model."
            ),
            model=model,
            variable="HF_TOKEN",
        )
    if isinstance(exc, RevisionNotFoundError):
        return ModelNotFound(
            _("The hub's {model} has no revision {revision}. Leave it off to get the newest."),
            model=model,
            revision=revision or "main",
        )
    if isinstance(exc, DisabledRepoError):
        return HubError(
            _("The hub does not give {model} any more: it was disabled. Choose another."), model=model
        )
    is_file = isinstance(exc, EntryNotFoundError)
    if isinstance(exc, RepositoryNotFoundError) or (status in (401, 404) and not is_file):
        return ModelNotFound(
            _(
                "The hub has no model {model}, or does not show it to everybody. Check the spelling, upper and "
                "lower case included; for a private model have the host set {variable}."
            ),
            model=model,
            variable="HF_TOKEN",
        )
    if status == 429:
        return HubError(
            _("The hub has had too many requests from here to give {model}. Try again in some minutes."),
            model=model,
        )
    return HubError(
        _("The hub has trouble of its own (status {status}) and does not give {model}. Try again later."),
        status=status,
        model=model,
    )


def disk_error(exc: OSError, model: str, folder: Path) -> ModelFileError:
    """The cache cannot take the files."""
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return ModelFileError(
            _(
                "There is no space left for {model} in {folder}. Free some, or set {variable} to another folder."
            ),
            model=model,
            folder=folder,
            variable="ATTENTION_ATLAS_CACHE",
        )
    return ModelFileError(
        _(
            "{model} cannot be kept in {folder} ({reason}). Make the folder writable, or set {variable} to "
            "another one."
        ),
        model=model,
        folder=folder,
        reason=exc.strerror or type(exc).__name__,
        variable="ATTENTION_ATLAS_CACHE",
    )


def question_error(exc: Exception, model: str, revision: str | None) -> ModelError:
    """What went wrong when the hub was asked about a model."""
    if isinstance(exc, HfHubHTTPError):
        return status_error(exc, model, revision)
    if isinstance(exc, OfflineModeIsEnabled):
        return offline(model)
    if isinstance(exc, httpx2.TransportError | OSError):
        return unreachable(model)
    return not_understood(model)
