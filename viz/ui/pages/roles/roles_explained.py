"""How the page about roles computes what it shows: formulas, thresholds, where they come from, what they do not say."""

import streamlit as st

from viz.metrics.role_labels import FEWEST_QUERIES, NEEDED
from viz.ui.pages.roles.role_words import role_categories
from viz.ui.session import tr, view


def show() -> None:
    """The box with the explanations, closed; not where presented."""
    if view().present:
        return
    with st.expander(tr("How this is computed"), icon=":material/function:"):
        st.markdown(
            tr(
                "- **Shares**: for each head, the part of their attention that tokens give to themselves, to the token "
                "before or after, to the opening special token, to those that close a text, to punctuation, to the "
                "same word elsewhere, to the first token whatever it is. It is the mean over all tokens that could "
                "do so; special tokens are looked at, but do not count as looking. Distance: mean of |query − key| in "
                "tokens. Source: Clark et al. 2019, *What Does BERT Look At?*, section 3; Xiao et al. 2023 for "
                "sinks.\n"
                "- **Entropy**: of each row, −Σ p ln p with p = 0.9999 A + 0.0001 / n, in nats, over all tokens, and "
                "over the opening one alone. 0: all on one token. ln n: evenly on all.\n"
                "- **Strength**: (share − uniform) / (1 − uniform), where uniform is what even attention would give "
                "on the same texts: 0 without preference, 1 for nothing else, at any length. For “broad” it is the "
                "entropy as a part of that of even attention. A head has the role that surpasses by most what it "
                "needs; below that it has no clear role, and neither where this was measured of fewer than {fewest} "
                "queries. The thresholds are this app's own: {thresholds}.\n"
                "- **Agreement**: every other text is measured apart; the share of heads that have the same role in "
                "both halves.\n"
                "- **Dependencies**: of each word, the word it looks at most (and the other way round), its tokens "
                "merged, special tokens left out; how often that is its head in the grammar. Beside it, how often the "
                "word at a fixed offset is. The head of a preposition's object is the preposition, as in the paper; "
                "Universal Dependencies have this link the other way round (case), and a link from the noun to the "
                "verb (obl), which is counted apart. Source: Clark et al. 2019, section 4.2 and table 1.\n"
                "- A role says where a head looks on the whole, not what it does with it. A head that mostly looks at "
                "[SEP] may look at a word from some tokens, and one that follows the grammar need not know it. "
                "Attention is not an explanation.",
                thresholds=_thresholds(),
                fewest=FEWEST_QUERIES,
            ).replace("<s>", r"\<s>")
        )


def _thresholds() -> str:
    names = role_categories()
    return tr(", ").join(f"{names[name].name} {needed:.1f}" for name, needed in NEEDED.items())
