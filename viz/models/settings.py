"""What the person who hosts the app decides: which models, how large, from where, how many at once.

Each setting has a variable, ATTENTION_ATLAS_ and its name in capitals, and a key of the same name in one
TOML file: the one that ATTENTION_ATLAS_CONFIG names, else attention-atlas.toml in the folder the app is started in.
A variable wins over the file. docs/configuration.md lists them.
"""

import functools
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from viz.errors import InputError, VizError
from viz.language import _

PREFIX = "ATTENTION_ATLAS_"
FILE_VARIABLE = f"{PREFIX}CONFIG"
FILE_NAME = "attention-atlas.toml"
_MEGABYTE = 1_000_000
_MOST = 1_000_000_000


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _folder(value: object) -> object:
    if isinstance(value, str):
        if not value.strip() or "\0" in value:
            raise ValueError
        return os.path.expanduser(value)
    return value


def _whole(value: object) -> object:
    if isinstance(value, bool | float):  # 1.0 and true would pass for 1
        raise ValueError
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Folder = Annotated[Path, BeforeValidator(_folder)]
# A site as a browser names it; nothing that could end the header it goes into.
Site = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.*-]+(:[0-9]{1,5})?$")]
Sites = Annotated[tuple[Site, ...], NoDecode, BeforeValidator(_split)]
Count = Annotated[int, Field(ge=1, le=_MOST), BeforeValidator(_whole)]


class Settings(BaseSettings):
    """The settings, frozen. `Settings()` reads the variables alone; `settings()` the file too."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    allowed_models: Names = ()
    hub: bool = True
    size_limit_mb: Count = 2000
    cache: Folder | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    resident_models: Count = 3
    resident_mb: Count = 4000
    local_models: Folder | None = None
    max_tokens: Annotated[int, Field(ge=8, le=_MOST), BeforeValidator(_whole)] = 512
    cache_mb: Count = 512
    at_once: Count = 2
    draw_processes: Annotated[int, Field(ge=0, le=64), BeforeValidator(_whole)] = 2
    framed_by: Sites = ()

    @property
    def size_limit(self) -> int:
        """The most bytes that a model's files may have together, to be downloaded."""
        return self.size_limit_mb * _MEGABYTE

    @property
    def resident_bytes(self) -> int:
        """The most bytes of loaded models that stay in memory."""
        return self.resident_mb * _MEGABYTE

    @property
    def hub_cache(self) -> Path | None:
        """Where the hub's files are kept; None for the hub client's own folder (HF_HOME, HF_HUB_CACHE)."""
        return self.cache / "hub" if self.cache else None

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_sources: Any, **sources: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables win over what the file gives, which comes in as arguments."""
        return sources["env_settings"], sources["init_settings"]


def variable(name: str) -> str:
    """The environment variable of a setting: `variable("hub") == "ATTENTION_ATLAS_HUB"`."""
    return PREFIX + name.upper()


@functools.cache
def settings() -> Settings:
    """The settings in force, read once; `settings.cache_clear()` has them read again.

    Raises InputError that names the variable, or the file and its key, which cannot be used.
    """
    file = _file()
    try:
        return Settings(**_read(file) if file else {})
    except ValidationError as exc:
        raise _readable(exc, file) from exc


def _file() -> Path | None:
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(os.path.expanduser(named))
    return Path(FILE_NAME) if Path(FILE_NAME).exists() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InputError(
            _("The settings file {file} cannot be read ({reason}). Create it, or change {variable}."),
            file=file,
            reason=exc.strerror or exc,
            variable=FILE_VARIABLE,
        ) from exc
    except ValueError as exc:  # not UTF-8, or not TOML
        raise InputError(
            _("The settings file {file} is not TOML: {reason}. docs/configuration.md has an example."),
            file=file,
            reason=exc,
        ) from exc
    for name in ("cache", "local_models"):  # a folder in the file is meant as seen from the file
        if isinstance(values.get(name), str) and values[name]:
            values[name] = str(file.parent / os.path.expanduser(values[name]))
    return values


def _readable(exc: ValidationError, file: Path | None) -> VizError:
    unknown = [str(error["loc"][0]) for error in exc.errors() if error["type"] == "extra_forbidden"]
    if unknown:
        return InputError(
            _("The settings file {file} has keys that are not known: {unknown}. Choose from: {known}."),
            file=file,
            unknown=", ".join(unknown),
            known=tuple(Settings.model_fields),
        )
    name = str(exc.errors()[0]["loc"][0])
    from_variable = os.environ.get(variable(name))
    return InputError(
        _("{variable} is {received}. Expected: {expected}. Correct the variable and start again.")
        if from_variable
        else _(
            "In the settings file {file}, {key} is {received}. Expected: {expected}. Correct it and start again."
        ),
        variable=variable(name),
        file=file,
        key=name,
        received=repr(from_variable or exc.errors()[0]["input"]),
        expected=_expected(name),
    )


def _expected(name: str) -> VizError:
    if name == "allowed_models":
        return InputError(_("model names or patterns such as {example}"), example="bert-*, hfl/*")
    if name == "framed_by":
        return InputError(_("sites such as {example}"), example="https://example.org")
    if name == "hub":
        return InputError(_("true or false"))
    if name == "device":
        return InputError(_("one of {choices}"), choices="auto, cpu, cuda, mps")
    if name in ("cache", "local_models"):
        return InputError(_("the path of a folder"))
    bounds = Settings.model_json_schema()["properties"][name]
    return InputError(
        _("a whole number from {least} to {most}"), least=bounds["minimum"], most=bounds["maximum"]
    )
