"""How the number of parameters of well-known models grew, as their own papers give it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """A model, the year of its paper, its parameters as the paper gives them, and the paper."""

    name: str
    year: int
    parameters: int
    source: str


PUBLISHED: tuple[Published, ...] = (
    Published("Transformer base", 2017, 65_000_000, "Vaswani et al. 2017, table 3"),
    Published("Transformer big", 2017, 213_000_000, "Vaswani et al. 2017, table 3"),
    Published("BERT base", 2018, 110_000_000, "Devlin et al. 2018, section 3"),
    Published("BERT large", 2018, 340_000_000, "Devlin et al. 2018, section 3"),
    Published("GPT-2", 2019, 1_542_000_000, "Radford et al. 2019, table 2"),
    Published("GPT-3", 2020, 175_000_000_000, "Brown et al. 2020, table 2.1"),
    Published("Switch-C", 2021, 1_571_000_000_000, "Fedus et al. 2021, table 9"),
)


def published(name: str) -> Published:
    """The model of that name. Raises `StopIteration` for one that is not listed."""
    return next(model for model in PUBLISHED if model.name == name)


def times_a_year() -> float:
    """By what factor the largest number of parameters grew each year, from the first listed year to the last."""
    first, last = PUBLISHED[0].year, PUBLISHED[-1].year
    largest = [max(model.parameters for model in PUBLISHED if model.year == year) for year in (first, last)]
    return float((largest[1] / largest[0]) ** (1 / (last - first)))
