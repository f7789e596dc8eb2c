"""Pictures on a page: nothing of them is lost on their way, and less of them travels."""

import io

import numpy as np
from PIL import Image

from viz.attention import attend
from viz.models import load_model
from viz.pictures.figures import heatmap, to_png, to_webp
from viz.ui.exhibits.bitmaps.image import compressed, pixels_wide


def test_a_compressed_picture_is_the_same_pixel_by_pixel_and_smaller() -> None:
    png = to_png(heatmap(attend(load_model("all-MiniLM-L6-v2"), "The cat sat.").encoder, 0, 0))
    webp = compressed(png)
    assert to_webp(heatmap(attend(load_model("all-MiniLM-L6-v2"), "The cat sat.").encoder, 0, 0)) == webp
    before, after = (np.asarray(Image.open(io.BytesIO(each)).convert("RGBA")) for each in (png, webp))
    assert np.array_equal(before, after)
    assert pixels_wide(webp) == before.shape[1]
    assert len(webp) < len(png) / 2
