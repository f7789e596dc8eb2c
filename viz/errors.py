"""What can go wrong, as one family. Every message says what was received, expected, and to do.

    VizError
    ├── InputError          the text, a number or a file that a person gave
    │   └── TextTooLong     more characters than the app takes
    ├── ModelError          a model that cannot be used
    │   ├── ModelNotFound   no such model in the catalogue
    │   ├── ModelFileError  its files are missing, altered or unreadable
    │   ├── ModelRefused    it gives no attention this app can show, or is not allowed here
    │   ├── HubError        the hub cannot be reached, or does not give the model
    │   └── Cancelled       a person stopped the loading
    ├── AttentionError      weights that are not what attention has to be
    ├── MapNotFound         a kind of map that this result does not have
    ├── NotEnoughMemory     what was to be computed does not fit in the memory that is left
    └── MetricError         an array of the wrong shape or range, given to a metric or a figure

A message is a template and its values, kept apart, so that the app can translate the template and
show the values as the plain characters they are.
"""

from collections.abc import Callable

_LONGEST_VALUE = 120


class VizError(Exception):
    """An error that a person may read.

    `VizError("Layer {layer} was asked for; this model has {layers}.", layer=99, layers=6)`.
    Templates are marked for translation with `_()` from `viz.language`.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.render()

    def render(
        self,
        translate: Callable[[str], str] = lambda template: template,
        show: Callable[[str], str] = lambda value: value,
    ) -> str:
        """The message, its template through `translate`, each of its string values through `show`.

        Values that are themselves a `VizError` are rendered the same way; long ones are cut. A tuple is a list to
        choose from: all of its entries are shown, each cut for itself.
        """
        values: dict[str, object] = {}
        for name, value in self.values.items():
            if isinstance(value, VizError):
                values[name] = value.render(translate, show)
            elif isinstance(value, int | float):
                values[name] = value
            else:
                entries = value if isinstance(value, tuple) else (value,)
                values[name] = ", ".join(show(_short(str(entry))) for entry in entries)
        return translate(self.template).format(**values)


def is_memory(exc: BaseException) -> bool:
    """Whether it says that there was no memory left: Python's own error, or torch's (`DefaultCPUAllocator`, CUDA)."""
    message = str(exc)
    return isinstance(exc, MemoryError) or (
        isinstance(exc, RuntimeError) and ("alloc" in message or "out of memory" in message)
    )


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"


class InputError(VizError):
    """The text, a number or a file that a person gave cannot be used."""


class TextTooLong(InputError):
    """More characters than the app takes."""


class ModelError(VizError):
    """A model cannot be used."""


class ModelNotFound(ModelError):
    """No such model in the catalogue."""


class ModelFileError(ModelError):
    """A model's files are missing, altered or unreadable."""


class ModelRefused(ModelError):
    """A model that gives no attention this app can show, or that is not allowed here."""


class HubError(ModelError):
    """The hub cannot be reached, or does not give the model."""


class Cancelled(ModelError):
    """A person stopped the loading."""


class AttentionError(VizError):
    """Weights that are not what attention has to be: wrong shape, not finite, rows not summing to 1."""


class MapNotFound(VizError):
    """A kind of map (encoder, decoder, cross) that this result does not have."""


class NotEnoughMemory(VizError):
    """What was to be computed does not fit in the memory that is left."""


class MetricError(VizError):
    """An array of the wrong shape or range was given to a metric or a figure."""
