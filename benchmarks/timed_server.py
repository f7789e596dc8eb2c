"""`python -m benchmarks.timed_server run app.py ...`: Streamlit, printing when a text's weights are ready.

Each line is `weights ready at SECONDS of DIGEST`, by the clock that the browser of this machine has too; the digest
names the text, so that it can be counted how often one was computed.
"""

import time
from hashlib import blake2b

from streamlit.web.cli import main

import viz.attention.run
from viz.attention import AttentionResult
from viz.models import LoadedModel

MARK = "weights ready at "

_attend = viz.attention.attend


def digest(text: str) -> str:
    """What a text is called in the log."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def attend(
    model: LoadedModel, text: str, pair: str | None = None, target: str | None = None
) -> AttentionResult:
    """`viz.attention.attend`, with the time of its end printed."""
    result = _attend(model, text, pair, target)
    print(f"{MARK}{time.time():.4f} of {digest(text)}", flush=True)
    return result


if __name__ == "__main__":
    viz.attention.attend = attend
    main(prog_name="streamlit")
