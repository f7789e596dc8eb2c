"""2,000 different texts in a row: what the app keeps of them beside what it may keep, and what the process grows by."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.memory import resident
from benchmarks.timing import Row
from viz.models.settings import settings
from viz.ui.progress.shared_results import residents, shared, shared_bytes, shared_payload, shared_result
from viz.view.state import DEFAULT

TEXTS = 2000
PICTURE = 200_000  # bytes, as a large one takes: so the texts make more than is kept
WORDS = "the teacher gave every student a long book because they asked for"


def run() -> Iterator[Row]:
    """The most bytes held at any time, beside the limit; and the memory of the process after and before."""
    model = residents().load(DEFAULT.model)
    made, most, before = 0, 0, 0
    for number in range(TEXTS):
        now = replace(DEFAULT, text=f"{number} {WORDS} {number % 97}.")
        result = shared_result(model, now.text, now.pair)
        payload = shared_payload(result, now)
        shared_bytes(("picture", now.text), lambda: bytes(PICTURE))
        made += 2 * result.nbytes + payload.nbytes + PICTURE
        most = max(most, shared().nbytes)
        if number == TEXTS * 3 // 4:  # by then as much is kept as may be
            before = resident()
    limit = settings().cache_mb * 2**20
    print(f"  {TEXTS:,} texts made {made:,} bytes; at most {most:,} were held of the {limit:,} that may be")
    yield Row("what is kept", "at the most", most, "limit", limit, 1.0, "bytes")
    yield Row("the process", "after all texts", resident(), "after three quarters", before, 1.15, "bytes")
