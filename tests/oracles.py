"""Second opinions: the same quantities computed another way, from the sources and not from viz."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from scipy.special import erf

Float64 = NDArray[np.float64]


def bert_attentions(
    weights: Path | bytes, ids: Sequence[int], segments: Sequence[int], heads: int = 12, eps: float = 1e-12
) -> Float64:
    """The attention weights of a BERT, [layer, head, query, key], by a forward pass in NumPy float64.

    `weights` is a safetensors file with transformers' names (Devlin et al. 2019; Vaswani et al. 2017,
    section 3.2). It has as many layers as the file.
    """
    stored = load(weights.read_bytes() if isinstance(weights, Path) else weights)
    w = {name: array.astype(np.float64) for name, array in stored.items() if array.dtype == np.float32}
    layers = 1 + max(int(name.split(".")[2]) for name in w if name.startswith("encoder.layer."))

    def linear(x: Float64, name: str) -> Float64:
        y: Float64 = x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
        return y

    def layer_norm(x: Float64, name: str) -> Float64:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)
        y: Float64 = scaled * w[f"{name}.weight"] + w[f"{name}.bias"]
        return y

    def split(x: Float64) -> Float64:  # [token, head * width] -> [head, token, width]
        return x.reshape(len(x), heads, -1).transpose(1, 0, 2)

    x = w["embeddings.word_embeddings.weight"][list(ids)]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + w["embeddings.token_type_embeddings.weight"][list(segments)]
    x = layer_norm(x, "embeddings.LayerNorm")

    maps = []
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        query, key, value = (split(linear(x, f"{at}.attention.self.{n}")) for n in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])  # [head, query, key]
        exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attention = exponents / exponents.sum(axis=-1, keepdims=True)
        maps.append(attention)
        mixed = (attention @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        x = layer_norm(x + linear(mixed, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
        inner = linear(x, f"{at}.intermediate.dense")
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2  # GELU
        x = layer_norm(x + linear(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm")
    return np.stack(maps)
