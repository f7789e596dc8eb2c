"""The page about the roles of heads: over one text, the app's own, and a person's, each number where it belongs."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import in_english, run, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from viz.attention import attend
from viz.inputs.examples import FIRST
from viz.metrics.role_labels import label_heads
from viz.metrics.role_measures import measure_roles, sum_measures
from viz.metrics.syntax import DIRECTIONS, RELATIONS, Sentence, score
from viz.models import LoadedModel
from viz.studies.corpus.file_encodings import ENCODINGS
from viz.studies.corpus.generated_sentences import trees
from viz.studies.corpus.sample_sentences import ENGLISH
from viz.ui.pages.roles import corpus_choice, grammar_heads
from viz.ui.pages.roles.corpus_choice import Corpus
from viz.ui.pages.roles.role_words import encodings, measure_titles, role_name

pytestmark = pytest.mark.slow

CONLLU = """\
1\tCats\tcat\tNOUN\t_\t_\t2\tnsubj\t_\t_
2\tchase\tchase\tVERB\t_\t_\t0\troot\t_\t_
3\tgreen\tgreen\tADJ\t_\t_\t4\tamod\t_\t_
4\tbirds\tbird\tNOUN\t_\t_\t2\tobj\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

1\tDogs\tdog\tNOUN\t_\t_\t2\tnsubj\t_\t_
2\tbark\tbark\tVERB\t_\t_\t0\troot\t_\t_
"""


def measured(app: AppTest, ready: Callable[[AppTest], bool] | None = None) -> AppTest:
    """The page once no work is on its way any more."""
    for _ in range(200):
        if not app.get("progress") and (ready is None or ready(app)):
            return app
        time.sleep(0.3)
        run(app)
    raise AssertionError("It never ended.")


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return measured(run(app))


def uploaded(name: str, data: str | bytes) -> AppTest:
    app = opened("roles", over="own")
    app.file_uploader[0].upload(name, data.encode() if isinstance(data, str) else data)
    return run(app)


def test_the_first_visit_names_the_role_of_every_head_of_the_text(minilm: LoadedModel) -> None:
    app = opened("roles")
    assert not app.error
    assert pictures(app) == 2
    measures = measure_roles(attend(minilm, FIRST.text).encoder)
    roles = [role for layer in label_heads(measures) for role in layer]
    table = app.dataframe[0].value
    assert list(table["Role"]) == in_english(lambda: [role_name(role.name) for role in roles])
    assert list(zip(table["Layer"], table["Head"], strict=True)) == [
        (layer + 1, head + 1) for layer in range(6) for head in range(12)
    ]
    np.testing.assert_allclose(
        table["Strength"], [max(0, role.nearest.strength) for role in roles], atol=1e-6
    )
    previous = table[(table["Layer"] == 1) & (table["Head"] == 3)].iloc[0]
    assert previous["Role"] == "Previous token"
    before = measures.value("before")[0, 2]
    uniform = measures.uniform[1]
    assert previous["Measured against uniform"] == f"{before:.1%} against {uniform:.1%}"
    assert list(table["Queries"]) == [role.nearest.count for role in roles]
    assert "Texts: 1 · tokens: 16" in written(app)
    assert "This is what heads do in this text" in written(app)


def test_two_queries_give_no_role() -> None:
    """Two words that occur twice: a head that looks from one to the other has shown it twice and no more."""
    app = opened("roles", layer="1", head="9")
    assert "Same word elsewhere" not in set(app.dataframe[0].value["Role"])
    assert "Layer 1 · Head 9: No clear role" in written(app)


def test_a_text_of_a_few_words_has_no_roles_and_says_why() -> None:
    app = opened("roles", text="Cats sleep.", layer="1", head="3")
    assert set(app.dataframe[0].value["Role"]) == {"No clear role"}
    assert "queries only, of 10 needed. Try a longer text." in written(app)
    assert pictures(app) == 2


def test_the_head_in_hand_is_told_with_its_evidence() -> None:
    said = written(opened("roles", layer="1", head="3"))
    assert "Layer 1 · Head 3: **Previous token** (" in said
    said = written(opened("roles", layer="1", head="6"))
    assert "Layer 1 · Head 6: No clear role; nearest is" in said


@pytest.mark.parametrize("measure", ["before", "distance", "entropy", "first_entropy", "same_word"])
def test_each_number_is_drawn_and_listed(measure: str, minilm: LoadedModel) -> None:
    app = opened("roles", role_measure=measure)
    measures = measure_roles(attend(minilm, FIRST.text).encoder)
    values = measures.value(measure)  # type: ignore[arg-type]
    table = app.dataframe[1].value
    title = in_english(measure_titles)[measure]  # type: ignore[index]
    np.testing.assert_allclose(table[title], np.sort(values.ravel())[::-1], atol=1e-6)
    layer, head = np.unravel_index(int(values.argmax()), values.shape)
    assert table["Head"].iloc[0] == f"Layer {layer + 1} · Head {head + 1}"
    assert "Uniform attention would give" in written(app)


def test_what_no_token_can_do_is_said_and_not_drawn() -> None:
    app = opened("roles", text="Every word is another", role_measure="same_word")
    assert "nothing to measure this on here" in written(app)
    assert pictures(app) == 1
    app.selectbox(key="w_role_measure_en").select("entropy").run()
    assert view_of(app).role_measure == "entropy"
    assert pictures(app) == 2


def test_the_apps_own_sentences_need_no_button(minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    few = ENGLISH[:40]
    monkeypatch.setattr(corpus_choice, "sample", lambda _name: Corpus("", few))
    app = measured(opened("roles", over="english"))
    assert pictures(app) == 2
    alone = [measure_roles(attend(minilm, text).encoder) for text in few]
    expected = label_heads(sum_measures(alone))
    table = app.dataframe[0].value
    names = in_english(lambda: [role_name(role.name) for layer in expected for role in layer])
    same = [name == said for name, said in zip(table["Role"], names, strict=True)]
    assert sum(same) >= 71  # one at a threshold may fall to either side
    assert "of the heads have the same role in two halves" in written(app)
    assert "in this text" not in written(app)


def test_sentences_of_a_grammar_are_scored_against_it(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = trees(30)
    corpus = Corpus("", tuple(sentence.text for sentence in few), tuple(few))
    monkeypatch.setattr(corpus_choice, "sample", lambda _name: corpus)
    app = measured(opened("roles", over="grammar"), lambda app: len(app.dataframe) == 3)
    table = app.dataframe[2].value.set_index("Dependency")
    correct, counts = 0, 0
    at, way = RELATIONS.index("nsubj"), DIRECTIONS.index("from dependent")
    for sentence in few:
        found = score(attend(minilm, sentence.text).encoder, sentence)
        correct, counts = correct + found.correct[at, way], counts + found.counts[at]
    row = table.loc["subject (nsubj)"]
    assert row["Occurrences"] == counts
    assert row["Right"] == pytest.approx(float(np.max(correct)) / counts, abs=0.03)
    assert row["Right"] > row["Right by a fixed offset"]
    assert row["Direction"] == "the dependent looks at its head"


def test_pasted_texts_are_measured_when_asked_for() -> None:
    app = opened("roles", over="own")
    assert "Paste some texts" in written(app)
    assert app.button(key="w_roles_measure").disabled
    app.text_area(key="w_roles_pasted").set_value("Cats sleep.\n\nDogs bark, and dogs run.").run()
    assert app.button(key="w_roles_measure").label == "Measure 2 texts"
    assert pictures(app) == 0
    app = press(app, "w_roles_measure")
    assert pictures(app) == 2
    assert "Texts: 2 · tokens: 14" in written(app)
    assert "two halves" not in written(app)
    app.text_area(key="w_roles_pasted").set_value("Something else.").run()
    assert "Texts: 2 · tokens: 14" in written(app)
    assert "Below: 2 texts (pasted)." in written(app)


def test_a_table_gives_the_texts_of_the_column_that_is_chosen() -> None:
    app = uploaded("mine.csv", 'id,text\n1,"Cats sleep, and cats eat."\n2,Dogs bark.\n3,\n')
    column = app.selectbox(key="w_roles_column")
    assert column.options == ["id", "text"]
    column.select("text").run()
    assert app.button(key="w_roles_measure").label == "Measure 2 texts"
    app = press(app, "w_roles_measure")
    assert "Below: 2 texts (` mine.csv `)." in written(app)
    app.toggle(key="w_roles_header").set_value(False).run()
    assert app.selectbox(key="w_roles_column").options == ["1", "2"]


def test_an_old_encoding_is_found_shown_and_can_be_changed() -> None:
    app = uploaded("old.txt", "It’s fine.\n\nIt’s late, isn’t it?\n".encode("cp1252"))
    assert "read as Western European (Windows-1252, Latin-1)" in written(app)
    assert app.code[0].value == "It’s fine.\nIt’s late, isn’t it?"
    app = press(app, "w_roles_measure")
    assert "Below: 2 texts" in written(app)
    app.selectbox(key="w_roles_encoding_en").select("cp1251").run()
    assert app.code[0].value.startswith("It’s fine")
    assert "Below:" not in written(app)  # what was measured before was another text
    assert pictures(app) == 0
    app.selectbox(key="w_roles_encoding_en").select("utf-8").run()
    assert "cannot be read as text in this encoding" in app.error[0].value
    assert app.button(key="w_roles_measure").disabled
    app.selectbox(key="w_roles_encoding_en").select("").run()
    assert not app.error


def test_a_file_whose_encoding_does_not_show_is_read_once_it_is_chosen() -> None:
    app = uploaded("kana.txt", "ありがとうございます\n".encode("shift_jis"))
    assert "Please choose its encoding" in app.error[0].value
    app.selectbox(key="w_roles_encoding_en").select("cp932").run()
    assert app.code[0].value == "ありがとうございます"
    app.file_uploader[0].upload("next.txt", "Grüße an alle, schöne Grüße!".encode("cp1252"))
    run(app)
    assert app.selectbox(key="w_roles_encoding_en").value == ""  # the choice was for the other file
    assert app.code[0].value == "Grüße an alle, schöne Grüße!"


def test_every_encoding_has_a_name_on_the_page() -> None:
    assert tuple(in_english(encodings)) == ("", *ENCODINGS)


@pytest.mark.parametrize("head", ["0", "1"])
def test_a_treebank_without_any_dependency_is_one_sentence(head: str) -> None:
    words = f"1\tCats\tcat\tNOUN\t_\t_\t{head}\troot\t_\t_\n2\tsleep\t_\tVERB\t_\t_\t0\troot\t_\t_\n"
    app = press(uploaded("flat.conllu", words), "w_roles_measure")
    app = measured(app, lambda app: "Nothing can be compared here" in written(app))
    assert len(app.dataframe) == 2
    assert "Scored on" not in written(app)


def test_a_treebank_is_scored_as_well() -> None:
    app = press(uploaded("tiny.conllu", CONLLU), "w_roles_measure")
    app = measured(app, lambda app: len(app.dataframe) == 3)
    table = app.dataframe[2].value.set_index("Dependency")
    assert dict(table["Occurrences"]) == {
        "subject (nsubj)": 2,
        "direct object (dobj, obj)": 1,
        "adjective (amod)": 1,
        "all dependencies": 5,
    }
    assert "Scored on 2 sentences." in written(app)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bad.txt", "one\0two", "cannot be read as text"),
        ("empty.txt", "  \n", "is empty"),
        ("bad.conllu", "1\tonly\ttwo\n", "no CoNLL-U"),
        ("many.txt", "a\n" * 5001, "more than 5,000 texts"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(name: str, data: str, said: str) -> None:
    app = uploaded(name, data)
    assert said in app.error[0].value
    assert app.button(key="w_roles_measure").disabled


def test_without_dependencies_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar_heads, "pipelines", lambda: ())
    assert "needs texts whose dependencies are known" in written(opened("roles"))
    assert "needs texts whose dependencies are known" in written(measured(opened("roles", over="chinese")))


def test_spacy_parses_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trees(3)

    def parse(texts: tuple[str, ...], pipeline: str) -> list[tuple[Sentence, ...]]:
        assert texts == (FIRST.text,)
        assert pipeline == "en_made"
        return [tuple(made)]

    monkeypatch.setattr(grammar_heads, "pipelines", lambda: ("en_made",))
    monkeypatch.setattr(grammar_heads, "parse", parse)
    app = opened("roles")
    assert len(app.dataframe) == 2
    app = press(app, "w_roles_parse")
    assert "Scored on 3 sentences." in written(app)
    assert len(app.dataframe) == 3


def test_presented_there_is_nothing_to_press() -> None:
    app = opened("roles", present="1")
    assert pictures(app) == 2
    assert not app.button
    assert not app.selectbox
    assert not app.expander
    assert not app.text_area


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = opened("roles", text="See: " + text)
    assert not app.error
    assert pictures(app) == 2
    assert text not in written(app)


def test_hostile_texts_and_names_of_columns_stay_plain() -> None:
    app = uploaded("<b>.csv", "<script>alert(1)</script>,**x**\n<img src=x>,$a$\n")
    app.selectbox(key="w_roles_column").select("**x**").run()
    app = press(app, "w_roles_measure")
    assert not app.error
    assert "` <b>.csv `" in written(app)


def test_no_text_is_a_hint() -> None:
    app = opened("roles", text=" ")
    assert "Type or paste a text" in app.info[0].value
    assert pictures(app) == 0
