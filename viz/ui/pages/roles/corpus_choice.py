"""The texts that heads are measured over: the one in hand, sentences of the app's own, or a person's, pasted or a file.

A person's texts stay with their session; a link says only that there are some.
"""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

import streamlit as st

from viz.errors import VizError
from viz.metrics.syntax import Sentence
from viz.studies.corpus.generated_sentences import trees
from viz.studies.corpus.sample_sentences import CHINESE, ENGLISH
from viz.studies.corpus.treebank import read_conllu
from viz.studies.corpus.uploads import (
    MAX_BYTES,
    MAX_TEXTS,
    Decoded,
    read_column,
    read_file,
    read_pasted,
    read_table,
)
from viz.ui.pages.roles.role_words import encodings, sources
from viz.ui.session import keep, tr, trn, view
from viz.ui.streamlit_gaps import UploadedFile
from viz.ui.widgets.bound_widgets import choice_box, in_language
from viz.ui.wording.plain_text import code_span, show_error

T = TypeVar("T")

_CORPUS = "atlas_roles_corpus"  # the texts of the last press of the button
_PASTED = "atlas_roles_pasted"
_READ = "atlas_roles_read"  # what the uploaded file holds, so that it is read once and not in each run
_ENCODING = (
    "atlas_roles_encoding"  # of the uploaded file, where a person has chosen it: the file's id, the encoding
)
_MADE = 200
_FIRST_LINES, _LINE, _BEGINNING = 5, 100, 10_000  # lines, characters of each, characters in which they are


@dataclass(frozen=True)
class Corpus:
    """Texts, and where they are sentences of a treebank those, one for each text. `name` is a file's, else empty."""

    name: str
    texts: tuple[str, ...]
    sentences: tuple[Sentence, ...] = ()

    @cached_property
    def digest(self) -> str:
        """What tells these texts from others."""
        digest_of = hashlib.sha256(b"treebank" if self.sentences else b"lines")
        for text in self.texts:
            raw = text.encode("utf-8", "surrogatepass")
            digest_of.update(len(raw).to_bytes(8, "little") + raw)
        if self.sentences:
            digest_of.update(repr([sentence.words for sentence in self.sentences]).encode("utf-8", "replace"))
        return digest_of.hexdigest()


@cache
def sample(name: str) -> Corpus:
    """The app's own sentences."""
    if name == "grammar":
        sentences = tuple(trees(_MADE))
        return Corpus("", tuple(sentence.text for sentence in sentences), sentences)
    return Corpus("", ENGLISH if name == "english" else CHINESE)


def choose() -> None:
    """What heads are measured over; and where it is a person's own texts, the box and the file."""
    choice_box(
        tr("Measured over"),
        sources(),
        "over",
        "w_over",
        help=tr("One text shows what heads do here; only many show what they do as a rule."),
    )
    if view().over == "own":
        _own()


def chosen() -> Corpus | None:
    """The texts to measure; None for the text in hand, or where a person has not given any yet."""
    over = view().over
    if over == "own":
        corpus: Corpus | None = st.session_state.get(_CORPUS)
        return corpus
    return None if over == "text" else sample(over)


def _own() -> None:
    with st.container(border=True):
        file = st.file_uploader(
            tr("A file: .txt (one text a line), .csv (a column), .conllu (a treebank)"),
            type=["txt", "csv", "tsv", "conllu"],
            key="w_roles_file",
            max_upload_size=MAX_BYTES // 10**6,
        )
        try:
            texts = _of_file(file) if file is not None else _of_box()
        except VizError as error:
            show_error(error)
            texts = None
        count = len(texts.texts) if texts is not None else 0
        st.button(
            trn("Measure {count} text", "Measure {count} texts", count) if count else tr("Measure"),
            key="w_roles_measure",
            type="primary",
            icon=":material/play_arrow:",
            disabled=texts is None,
            on_click=lambda: st.session_state.update({_CORPUS: texts}),
        )
        corpus: Corpus | None = st.session_state.get(_CORPUS)
        if corpus is not None:
            name = code_span(corpus.name) if corpus.name else tr("pasted")
            st.caption(
                trn(
                    "Below: {count} text ({name}).",
                    "Below: {count} texts ({name}).",
                    len(corpus.texts),
                    name=name,
                )
            )


def _of_box() -> Corpus | None:
    st.text_area(
        tr("Or paste them, one text a line"),
        key=keep("w_roles_pasted", st.session_state.get(_PASTED, "")),
        on_change=lambda: st.session_state.update({_PASTED: st.session_state["w_roles_pasted"]}),
        height=140,
        help=tr("At most {count} texts.", count=f"{MAX_TEXTS:,}"),
    )
    text = st.session_state["w_roles_pasted"]
    return Corpus("", read_pasted(text).texts) if text.strip() else None


def _of_file(file: UploadedFile) -> Corpus:
    encoding = _chosen_encoding(file)
    key = (file.file_id, encoding)
    read = _once("file", key, lambda: read_file(file.name, file.getvalue(), encoding or None))
    _show_first_lines(read)
    if read.kind == "treebank":
        sentences = _once("treebank", key, lambda: read_conllu(read.text))
        return Corpus(file.name, tuple(sentence.text for sentence in sentences), sentences)
    if read.kind == "lines":
        return Corpus(file.name, _once("lines", key, lambda: read_pasted(read.text)).texts)
    header = st.toggle(tr("The first row names the columns"), value=True, key="w_roles_header")
    table = _once("table", (*key, header), lambda: read_table(read.text, header))
    named = st.selectbox(tr("Column"), table.columns, key="w_roles_column", format_func=str)
    return Corpus(file.name, read_column(table, named).texts)


def _chosen_encoding(file: UploadedFile) -> str:
    """The encoding that a person names for this file, "" for the one that fits best."""
    names, key = encodings(), in_language("w_roles_encoding")
    of_file, chosen = st.session_state.get(_ENCODING, ("", ""))
    # What was measured by the encoding before is no longer what the file says.
    st.selectbox(
        tr("Encoding"),
        list(names),
        format_func=names.__getitem__,
        key=keep(key, chosen if of_file == file.file_id else ""),
        on_change=lambda: st.session_state.update(
            {_ENCODING: (file.file_id, st.session_state[key]), _CORPUS: None}
        ),
        help=tr("If the lines below look wrong, choose the encoding that the file was saved in."),
    )
    encoding: str = st.session_state[key]
    return encoding


def _show_first_lines(read: Decoded) -> None:
    """The beginning of a file, as it was read: in a wrong encoding nobody would take it for the text."""
    lines = [line for line in read.text[:_BEGINNING].split("\n") if line.strip()]
    st.caption(tr("The first lines, read as {encoding}:", encoding=encodings()[read.encoding]))
    st.code("\n".join(line[:_LINE] for line in lines[:_FIRST_LINES]), language=None, wrap_lines=True)


def _once(name: str, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` returns, kept for this session until another key comes; a failure is not kept."""
    kept: dict[str, tuple[Hashable, T]] = st.session_state.setdefault(_READ, {})
    if name not in kept or kept[name][0] != key:
        kept.pop(name, None)
        with st.spinner(tr("Reading the file …")):
            kept[name] = (key, make())
    return kept[name][1]
