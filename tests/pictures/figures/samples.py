"""Small maps to draw, with no model behind them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from viz.attention import AttentionMap
from viz.inputs.encoding import Encoding
from viz.pictures.figures import LIGHT, FigureText, Style
from viz.pictures.figures.base.axis_names import COLUMN, ROW

CHINESE = FigureText(
    language="zh-Hans",
    head_title="第 {layer} 层 · 第 {head} 头",
    layer_title="第 {layer} 层的所有头",
    head="第 {head} 头",
    query="查询（正在看的词元）",
    key="键（被看的词元）",
    weight="注意力权重",
    thinned="{axis} · 每 {step} 个标一个",
)

JET = Style(replace(LIGHT, palette="jet", diverging="jet"))  # a palette that there is none of here

# Script: words of it.
WORDS = {
    "Simplified Chinese": "她把书还给了图书馆，因为借期已经过了。",
    "Traditional Chinese": "她把書還給了圖書館，因為借期已經過了。",
    "Japanese": "彼女は図書館に本を返しました。「コーヒー」",
    "Korean": "도서관에 책을 돌려주었다.",
    "Cyrillic": "Она вернула книгу в библиотеку. Її Ђорђе",
    "Greek": "Επέστρεψε το βιβλίο στη βιβλιοθήκη. ἀρχή",
    "Arabic": "أعادت الكتاب إلى المكتبة، لأنّ المدّة انتهت؟",
    "Persian": "او کتاب را به کتابخانه برگرداند ۱۲۳",
    "Hebrew": "הִיא הֶחֱזִירָה אֶת הַסֵּפֶר",
    "Hindi": "उसने पुस्तक लौटा दी क्योंकि क्षेत्र स्त्री ज्ञान।",
    "Bengali": "সে বইটি ফেরত দিল কারণ ক্ষমা",
    "Tamil": "அவள் புத்தகத்தைத் திருப்பிக் கொடுத்தாள்",
    "Telugu": "ఆమె పుస్తకాన్ని తిరిగి ఇచ్చింది",
    "Thai": "เธอคืนหนังสือให้ห้องสมุดแล้ว ที่นี่ น้ำ",
    "Lao": "ນາງໄດ້ສົ່ງປື້ມຄືນ",
    "Khmer": "នាងបានសងសៀវភៅ",
    "Burmese": "သူမသည် စာအုပ်ကို ပြန်ပေးခဲ့သည်",
    "Vietnamese": "Cô ấy đã trả lại cuốn sách",
    "marks of tokenizers": "▁the Ġthe ##ing Ċ ␣ the₁₂ <s> [CLS]",
}

LITERAL = (
    "$x$",
    "$\\frac{1}{2}$",
    "\\frac",
    "_{",
    "^{",
    "$$",
    "\\",
    "{{ x }}",
    "<script>",
    "%s",
    "a_b^c",
    "$",
)


def encoding(labels: Sequence[str]) -> Encoding:
    count = len(labels)
    return Encoding(
        token_ids=tuple(range(count)),
        token_strings=tuple(labels),
        token_labels=tuple(labels),
        segments=(0,) * count,
        special=(False,) * count,
        words=(None,) * count,
        spans=(None,) * count,
        text="",
    )


def words(count: int) -> list[str]:
    return [f"word{at}" for at in range(count)]


def attention_map(
    queries: Sequence[str], keys: Sequence[str] | None = None, *, layers: int = 2, heads: int = 3
) -> AttentionMap:
    """Random rows that sum to 1, as a frozen map of these labels."""
    found = queries if keys is None else keys
    shape = (layers, heads, len(queries), len(found))
    weights = np.random.default_rng(0).random(shape, dtype=np.float32) ** 4 + 1e-6
    weights /= weights.sum(axis=-1, keepdims=True)
    weights.setflags(write=False)
    return AttentionMap("encoder" if keys is None else "cross", weights, encoding(queries), encoding(found))


def texts(figure: Figure) -> list[Text]:
    """Everything that is written in the figure and seen."""
    found = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [text for text in found if text.get_text() and text.get_visible()]


def row_names(axes: Axes) -> list[Text]:
    """What is written beside the rows of these axes and seen, in the order in which it was written."""
    return [text for text in axes.texts if text.get_label() == ROW and text.get_visible()]


def column_names(axes: Axes) -> list[Text]:
    """What is written above or below the columns of these axes and seen, in the order in which it was written."""
    return [text for text in axes.texts if text.get_label() == COLUMN and text.get_visible()]


def inside(axes: Axes) -> list[Text]:
    """The other texts of these axes."""
    return [text for text in axes.texts if text.get_label() not in (ROW, COLUMN)]


def read(written: Sequence[Text]) -> list[str]:
    """What the texts say."""
    return [text.get_text() for text in written]


def places(axes: Axes, written: Sequence[Text]) -> list[tuple[float, float]]:
    """Where the texts are anchored, (x, y) in the data of these axes."""
    back = axes.transData.inverted()
    found = [back.transform(text.get_transform().transform(text.get_position())) for text in written]
    return [(float(x), float(y)) for x, y in found]
