"""Models in folders of the host's: the sub-folders of the one directory that the settings name.

A name from a person is compared with what lies there, and never made into a path.
"""

import os
from pathlib import Path

from viz.errors import ModelFileError, ModelNotFound
from viz.language import _
from viz.models.checkpoints.needed_files import CONFIG
from viz.models.model_name import LOCAL, is_folder_name
from viz.models.settings import settings, variable


def local_names() -> tuple[str, ...]:
    """The names of the local models, sorted: sub-folders with a config.json, neither hidden nor linked from outside.

    Empty where no directory is configured, or where it cannot be read.
    """
    root = settings().local_models
    if root is None:
        return ()
    try:
        return tuple(sorted(name for name in os.listdir(root) if _is_model(root, name)))
    except OSError:
        return ()


def local_folder(name: str) -> Path:
    """The folder of the local model `name`, symbolic links resolved; `local_folder("my-bert")`.

    Raises ModelNotFound where there is no such model, ModelFileError where its folder leads out of the
    configured directory or cannot be read.
    """
    root = settings().local_models
    if root is None:
        raise ModelNotFound(
            _(
                "There are no local models here. The person who hosts the app can set {variable} to their folder."
            ),
            variable=variable("local_models"),
        )
    try:
        names = set(os.listdir(root))
    except OSError as exc:
        raise ModelFileError(
            _("The folder of the local models cannot be read ({reason}). Check {variable}."),
            reason=exc.strerror or exc,
            variable=variable("local_models"),
        ) from exc
    if name in names and is_folder_name(name):
        if not _is_inside(root, name):
            raise ModelFileError(
                _(
                    "{received} is a link that leads out of the folder of the local models. Copy the model into it."
                ),
                received=LOCAL + name,
            )
        if _is_model(root, name):
            return (root / name).resolve()
    raise ModelNotFound(
        _("There is no local model {received}. There are: {known}."),
        received=LOCAL + name,
        known=tuple(LOCAL + known for known in local_names()) or "–",
    )


def _is_model(root: Path, name: str) -> bool:
    return is_folder_name(name) and _is_inside(root, name) and (root / name / CONFIG).is_file()


def _is_inside(root: Path, name: str) -> bool:
    try:
        return (root / name).resolve(strict=True).is_relative_to(root.resolve(strict=True))
    except (OSError, RuntimeError):  # a link to nothing, or a ring of links
        return False
