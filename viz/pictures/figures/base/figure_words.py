"""What a figure says. Figures know no language: they are given their words, already translated."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from viz.language import _

if TYPE_CHECKING:
    from viz.attention import Quantity


@dataclass(frozen=True)
class FigureText:
    """The words of a figure, in English unless others are given.

    `language` is their language (BCP 47: "zh-Hans"). Words in braces are filled in: {layer} and {head} count
    from 1, {axis} is the axis's own title, {step} how many tokens there are to one label.
    """

    language: str = "en"
    head_title: str = _("Layer {layer} · Head {head}")
    layer_title: str = _("Layer {layer}, every head")
    overview_title: str = _("Every head of every layer")
    layer: str = _("Layer {layer}")
    head: str = _("Head {head}")
    heads: str = _("Head")
    query: str = _("Query (the token that looks)")
    key: str = _("Key (the token looked at)")
    weight: str = _("Attention weight")
    norm: str = _("Attention × value norm, to the largest of this text")
    share: str = _("Share of attention × value norm")
    thinned: str = _("{axis} · one label in {step}")

    def translated(self, language: str, translate: Callable[[str], str]) -> "FigureText":
        """These words in `language`, each looked up by `translate`."""
        names = [field.name for field in fields(self) if field.name != "language"]
        translations = {name: translate(getattr(self, name)) for name in names}
        return replace(self, language=language, **translations)

    def for_quantity(self, quantity: "Quantity") -> "FigureText":
        """These words, with `weight` naming the numbers of a map of this quantity."""
        return self if quantity == "attention" else replace(self, weight=getattr(self, quantity))


ENGLISH = FigureText()
