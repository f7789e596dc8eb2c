"""How similar heads are: distances between them, a plane on which similar heads lie close, an order of neighbours.

Heads are numbered through all layers, in reading order: head `h` of layer `l` is row `l * heads + h`.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from viz.attention.checks import Array, check_weights, frozen
from viz.errors import MetricError
from viz.language import _

SMOOTHING = 0.0001
FARTHEST = float(np.sqrt(np.log(2)))  # of two heads that never look at the same token
_BLOCK_BYTES = 8 * 2**20
_SEED = 0


def js_distance(weights: Array) -> Array:
    """Jensen-Shannon distance between every two heads, the mean over queries.

    [layer, head, query, key] -> [layer * head, layer * head]; symmetric, 0 on the diagonal, at most sqrt(ln 2).
    A query's distance is the square root of the Jensen-Shannon divergence in nats, a metric (Endres & Schindelin
    2003). Each row is first smoothed as in Clark et al. 2019, "What Does BERT Look At?", section 6: 0.9999 a +
    0.0001 / keys, so that a weight of exactly 0 decides nothing. Raises `MetricError` on another shape.
    """
    check_weights(weights)
    layers, heads, queries, keys = weights.shape
    count = layers * heads
    rows = weights.reshape(count, queries, keys)
    total = np.zeros((count, count))
    step = max(1, _BLOCK_BYTES // (8 * count * keys))
    for start in range(0, queries, step):
        _add_block(total, rows[:, start : start + step], keys)
    return frozen((total + total.T) / queries)


def _add_block(total: NDArray[np.float64], block: Array, keys: int) -> None:
    """Add the distances of some queries, [head, query, key], to the upper triangle of `total`."""
    smooth = (1 - SMOOTHING) * block.astype(np.float64) + SMOOTHING / keys
    entropies = _entropy(smooth)  # [head, query]
    for head in range(len(smooth) - 1):
        mixture = (smooth[head + 1 :] + smooth[head]) / 2
        divergence = _entropy(mixture) - (entropies[head + 1 :] + entropies[head]) / 2
        # Rounding may leave a hair less than 0 between equal rows.
        total[head, head + 1 :] += np.sqrt(np.maximum(divergence, 0)).sum(axis=-1)


def _entropy(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """[head, query, key] -> [head, query], in nats; smoothed rows have no 0."""
    entropies: NDArray[np.float64] = -np.einsum("hqk,hqk->hq", rows, np.log(rows))
    return entropies


def plane(distances: Array) -> Array:
    """Points on a plane, [head, 2], whose distances are as close as possible to `distances`, [head, head].

    Metric multidimensional scaling by SMACOF (Borg & Groenen 2005), from the classical solution, so that the same
    distances give the same picture. The centre is 0. Raises `MetricError` unless `distances` is square.
    """
    check_distances(distances)
    half = float(distances.max()) / 2
    if not half:
        return frozen(np.zeros((len(distances), 2)))
    if len(distances) == 2:
        return frozen(np.array([[-half, 0.0], [half, 0.0]]))
    # Imported here: it takes a second, and most visits never need it.
    from sklearn.manifold import MDS  # type: ignore[import-untyped]

    places = MDS(
        n_components=2, metric="precomputed", init="classical_mds", n_init=1, random_state=_SEED
    ).fit_transform(distances.astype(np.float64))
    return frozen(places - places.mean(axis=0))


def stress(distances: Array, places: Array) -> float:
    """How much a plane, [head, 2], distorts the distances: Kruskal's stress-1, 0 where it shows them exactly.

    sqrt(sum (d - d')^2 / sum d^2) over all pairs, d the distances on the plane (Kruskal 1964).
    """
    check_distances(distances)
    plane_distances = np.linalg.norm(places[:, None].astype(np.float64) - places[None], axis=-1)
    total = float((plane_distances**2).sum())
    return float(np.sqrt(((plane_distances - distances) ** 2).sum() / total)) if total else 0.0


def cluster_order(distances: Array) -> tuple[int, ...]:
    """The heads in an order in which similar ones are neighbours: the leaves of a hierarchical clustering.

    Average linkage with optimal leaf ordering (Bar-Joseph et al. 2001). Raises `MetricError` unless `distances` is
    square.
    """
    check_distances(distances)
    if len(distances) < 3:
        return tuple(range(len(distances)))
    condensed = squareform(distances.astype(np.float64), checks=False)
    return tuple(int(head) for head in leaves_list(linkage(condensed, "average", optimal_ordering=True)))


def nearest_heads(distances: Array, head: int, count: int) -> tuple[int, ...]:
    """The `count` heads most similar to `head`, itself left out, the most similar first."""
    check_distances(distances)
    order = np.argsort(distances[head], kind="stable")
    return tuple(int(other) for other in order if other != head)[:count]


def check_distances(distances: Array) -> None:
    """Raise `MetricError` unless `distances` is [head, head]."""
    if distances.ndim != 2 or distances.shape[0] != distances.shape[1] or not len(distances):
        raise MetricError(
            _("Distances of the shape {shape} were given; [head, head] was expected."),
            shape=str(distances.shape),
        )
