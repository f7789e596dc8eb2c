"""The baseline: what a plain script does on each interaction, written the way most tutorials write it.

It runs the model anew, makes one subplot a head with pyplot, gives each to seaborn with every token as
a label, and saves the figure as `st.pyplot` does.
"""

import io
import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import seaborn as sns
import torch

COLUMNS = 4

plt.switch_backend("agg")


def interaction(model: Any, tokenizer: Any, text: str, layer: int, heads: Sequence[int]) -> bytes:
    """PNG bytes of `heads` of one layer. `model` and `tokenizer` are the transformers objects."""
    inputs = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        outputs = model(**inputs, output_attentions=True)
    tokens = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    columns = min(COLUMNS, len(heads))
    rows = math.ceil(len(heads) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(6 * columns, 5 * rows), squeeze=False)
    for head, axis in zip(heads, axes.flat, strict=False):
        weights = outputs.attentions[layer][0, head].numpy()
        sns.heatmap(weights, xticklabels=tokens, yticklabels=tokens, cmap="viridis", ax=axis)
        axis.set_title(f"Layer {layer + 1}, head {head + 1}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=200, bbox_inches="tight")
    plt.close(figure)
    return buffer.getvalue()
