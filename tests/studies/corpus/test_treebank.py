import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError
from viz.metrics.syntax import Sentence, SyntaxWord
from viz.studies.corpus import treebank
from viz.studies.corpus.treebank import read_conllu

# Written by hand after the format's own description: a written form of two words, an empty node, no space.
WRITTEN = """# sent_id = 1
# text = Don't run.
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\t_\tMood=Imp\t3\taux\t_\t_
2\tn't\tnot\tPART\t_\t_\t3\tadvmod\t_\t_
3\trun\trun\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
3.1\tgone\t_\t_\t_\t_\t_\t_\t_\t_
4\t.\t_\tPUNCT\t_\t_\t3\tpunct\t3:punct\t_

# global.columns = FORM HEAD
1\t猫\t猫\tNOUN\t_\t_\t2\tNSUBJ\t_\tSpaceAfter=No
2\t叫\t_\t_\t_\t_\t0\troot\t_\t_
"""


def line(place: str = "1", head: str = "0", form: str = "a") -> str:
    return f"{place}\t{form}\t_\t_\t_\t_\t{head}\troot\t_\t_\n"


def test_sentences_by_hand() -> None:
    text = WRITTEN.replace("# global.columns = FORM HEAD\n", "")
    assert read_conllu(text) == (
        Sentence(
            "Don't run.",
            (
                SyntaxWord((0, 5), 2, "aux", "do", "AUX"),
                SyntaxWord((0, 5), 2, "advmod", "not", "PART"),
                SyntaxWord((6, 9), None, "root", "run", "VERB"),
                SyntaxWord((9, 10), 2, "punct", "", "PUNCT"),
            ),
        ),
        Sentence("猫叫", (SyntaxWord((0, 1), 1, "nsubj", "猫", "NOUN"), SyntaxWord((1, 2), None, "root"))),
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end: str) -> None:
    text = line() + "\n" + line()
    assert read_conllu(text.replace("\n", end)) == read_conllu(text)


@pytest.mark.parametrize("heads", [["0", "0"], ["1", "2"], ["2", "1"], ["2", "3", "1"]])
def test_words_without_a_root_or_with_more_than_one_are_read(heads: list[str]) -> None:
    """Each word its own root, its own head, or words in a ring: the links are there to be looked for, or are none."""
    text = "".join(line(place=str(at), head=head) for at, head in enumerate(heads, start=1))
    assert [word.head for word in read_conllu(text)[0].words] == [
        int(head) - 1 if head != "0" else None for head in heads
    ]


def test_ranges_and_empty_nodes_may_come_first_and_last() -> None:
    nothing = "\t_" * 8 + "\n"
    text = "0.1\tmade" + nothing + "1-2\tdu" + nothing + line("1") + line("2", "1") + "2.1\tmade" + nothing
    (sentence,) = read_conllu(text)
    assert sentence.text == "du"
    assert [word.span for word in sentence.words] == [(0, 2), (0, 2)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WRITTEN, "Sentence 2 is no CoNLL-U"),  # a file that redefines the columns
        ("just some words\n", "Sentence 1 is no CoNLL-U"),
        (line() + "\n" + line(head="2"), "Sentence 2 is no CoNLL-U .word 1 has the head 2"),
        (line(head="-1"), "head -1"),
        (line(head="_"), "head None"),
        (line(head="x"), "is no CoNLL-U"),
        (line(head="9" * 5000), "is no CoNLL-U"),
        (line(place="2"), "word 2 stands where word 1 belongs"),
        (line(place="1") + line(place="1"), "word 1 stands where word 2 belongs"),
        (line(place="_"), "is no CoNLL-U"),
        ("1\ta\n", "is no CoNLL-U"),
        ("1-1000000000000\tab\t_\t_\t_\t_\t_\t_\t_\t_\n", "it has no words"),
        ("# text = nothing\n", "it has no words"),
        ("", "no sentence in this file"),
        ("\n\n \n", "no sentence in this file"),
    ],
)
def test_what_is_no_treebank_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_conllu(text)


def test_too_many_sentences_and_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(treebank, "MAX_TEXTS", 3)
    monkeypatch.setattr(treebank, "MAX_WORDS", 3)
    assert len(read_conllu((line() + "\n") * 3)) == 3
    with pytest.raises(InputError, match="more than 3 sentences"):
        read_conllu((line() + "\n") * 4)
    with pytest.raises(InputError, match="Sentence 1 has more than 3 words"):
        read_conllu("".join(line(place=str(at)) for at in range(1, 5)))


@given(st.text(alphabet="1-.\t_ab#=\n", max_size=80))
def test_any_text_is_a_treebank_or_an_input_error(text: str) -> None:
    try:
        found = read_conllu(text)
    except InputError:
        return
    for sentence in found:
        assert all(0 <= word.span[0] <= word.span[1] for word in sentence.words)
        assert all(word.head is None or 0 <= word.head < len(sentence.words) for word in sentence.words)
