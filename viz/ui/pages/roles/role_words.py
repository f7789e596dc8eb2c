"""What roles, their numbers and dependencies are called, and how all of it is computed, in the session's language."""

import streamlit as st

from viz.language import _
from viz.metrics.role_labels import FEWEST_QUERIES, NEEDED, Evidence, Role, RoleName
from viz.metrics.role_measures import RoleMeasure, RoleMeasures
from viz.pictures.figures.heat_maps.category_grid import COLOURS, Category
from viz.studies.corpus.uploads import MAX_TEXTS
from viz.ui.session import tr, trn, view
from viz.ui.wording.names import measured_number
from viz.view.state import Over


def role_categories() -> dict[RoleName | None, Category]:
    """Each role's name, its short word in a picture and its colour; None is no clear role."""
    said: dict[RoleName, tuple[str, str]] = {
        "before": (tr("Previous token"), tr("prev")),
        "after": (tr("Next token"), tr("next")),
        "itself": (tr("The token itself"), tr("self")),
        "first": (tr("Opening special token"), tr("open")),
        "closing": (tr("Separator"), tr("sep")),
        "punctuation": (tr("Punctuation"), tr("punct")),
        "same_word": (tr("Same word elsewhere"), tr("same")),
        "sink": (tr("First token (sink)"), tr("sink")),
        "broad": (tr("Broad"), tr("broad")),
    }
    named: dict[RoleName | None, Category] = {
        name: Category(*words, colour) for (name, words), colour in zip(said.items(), COLOURS, strict=True)
    }
    return {**named, None: Category(tr("No clear role"), "·", None)}


def role_name(name: RoleName | None) -> str:
    """A role as a person reads it."""
    return role_categories()[name].name


def measure_titles() -> dict[RoleMeasure, str]:
    """What is measured of each head, as titles."""
    return {
        "before": tr("Share to the token before"),
        "after": tr("Share to the token after"),
        "itself": tr("Share to the token itself"),
        "first": tr("Share to [CLS] or <s>"),
        "closing": tr("Share to [SEP] or </s>"),
        "punctuation": tr("Share to punctuation"),
        "same_word": tr("Share to the same word elsewhere"),
        "sink": tr("Share to the first token, whatever it is"),
        "distance": tr("Mean distance (tokens)"),
        "entropy": tr("Entropy (nats)"),
        "first_entropy": tr("Entropy of [CLS] or <s> alone (nats)"),
    }


def evidence(seen: Evidence) -> str:
    """What speaks for a role: what was measured against what uniform attention would give."""
    return tr(
        _("{value} against {uniform} nats") if seen.name == "broad" else _("{value} against {uniform}"),
        value=measured_number(seen.name, seen.value),
        uniform=measured_number(seen.name, seen.uniform),
    )


def queries(count: int) -> str:
    """Of how many queries something was measured."""
    return trn("{count} query", "{count} queries", count)


def about_head(role: Role) -> str:
    """One head's role and why, as a sentence."""
    near = role.nearest
    if role.evidence is not None:
        sentence = tr(
            "**{name}** ({evidence} of uniform attention, over {queries}; strength {strength:.2f}, of {needed:.2f} "
            "needed)."
        )
    elif near.enough:
        sentence = tr(
            "No clear role; nearest is “{name}” ({evidence}, over {queries}; strength {strength:.2f}, of {needed:.2f} "
            "needed)."
        )
    else:
        sentence = tr(
            "No clear role; nearest is “{name}” ({evidence}), but over {queries} only, of {fewest} needed. Try a "
            "longer text."
        )
    said = sentence.format(
        name=role_name(near.name),
        evidence=evidence(near),
        queries=queries(near.count),
        strength=near.strength,
        needed=near.needed,
        fewest=FEWEST_QUERIES,
    )
    if role.others:
        said += " " + tr(
            "It is also: {names}.", names=tr(", ").join(role_name(one.name) for one in role.others)
        )
    return said


def sources() -> dict[Over, str]:
    """What heads can be measured over."""
    return {
        "text": tr("Current text"),
        "english": tr("100 English sentences"),
        "chinese": tr("100 Chinese sentences"),
        "grammar": tr("200 English sentences made by a grammar, with their dependencies"),
        "own": tr("My own texts, up to {count}", count=f"{MAX_TEXTS:,}"),
    }


def encodings() -> dict[str, str]:
    """The names of `file_encodings.ENCODINGS`, by Python's name; "" is the one that fits best."""
    return {
        "": tr("The one that fits best"),
        "utf-8": "UTF-8",
        "utf-16": "UTF-16",
        "utf-16-le": "UTF-16 LE",
        "utf-16-be": "UTF-16 BE",
        "utf-32": "UTF-32",
        "cp1252": tr("Western European (Windows-1252, Latin-1)"),
        "gb18030": tr("Simplified Chinese (GB 18030, GBK)"),
        "big5hkscs": tr("Traditional Chinese (Big5)"),
        "cp932": tr("Japanese (Shift JIS)"),
        "euc_jis_2004": tr("Japanese (EUC-JP)"),
        "iso2022_jp_2": tr("Japanese (ISO-2022-JP)"),
        "cp949": tr("Korean (EUC-KR, Windows-949)"),
        "cp1250": tr("Central European (Windows-1250)"),
        "cp1251": tr("Cyrillic (Windows-1251)"),
        "koi8-r": tr("Cyrillic (KOI8-R)"),
        "cp1253": tr("Greek (Windows-1253)"),
        "cp1254": tr("Turkish (Windows-1254)"),
        "cp1255": tr("Hebrew (Windows-1255)"),
        "cp1256": tr("Arabic (Windows-1256)"),
        "cp1257": tr("Baltic (Windows-1257)"),
        "cp1258": tr("Vietnamese (Windows-1258)"),
        "cp874": tr("Thai (Windows-874)"),
    }


def relations() -> dict[str, str]:
    """The dependencies that are looked for."""
    return {
        "nsubj": tr("subject (nsubj)"),
        "dobj": tr("direct object (dobj, obj)"),
        "det": tr("determiner (det)"),
        "amod": tr("adjective (amod)"),
        "poss": tr("possessive (poss)"),
        "pobj": tr("object of a preposition, and the preposition (pobj, case)"),
        "same entity": tr("the same noun or name elsewhere"),
        "obl": tr("oblique: noun to verb (obl)"),
        "all": tr("all dependencies"),
    }


def directions() -> dict[str, str]:
    """The ways in which a link can go."""
    return {
        "from dependent": tr("the dependent looks at its head"),
        "from head": tr("the head looks at its dependent"),
    }


def measured_on(measures: RoleMeasures) -> str:
    """How much was measured."""
    return tr("Texts: {texts} · tokens: {tokens}", texts=f"{measures.texts:,}", tokens=f"{measures.tokens:,}")


def explain() -> None:
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
