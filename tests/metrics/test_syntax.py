import numpy as np
import pytest

from tests.metrics.samples import encoding, random_weights
from viz.attention import AttentionMap, attend
from viz.errors import MetricError
from viz.metrics.syntax import (
    ALL,
    DIRECTIONS,
    OBLIQUE,
    OFFSETS,
    RELATIONS,
    SAME_ENTITY,
    Sentence,
    SyntaxScores,
    SyntaxWord,
    best_heads,
    count_hits,
    find_links,
    lay_out_words,
    score,
)
from viz.models import LoadedModel

# "The cats' cat sat.": det, poss (with its sign), nsubj, root; "cat" is named twice.
TREE = Sentence(
    "The cats' cat sat.",
    (
        SyntaxWord((0, 3), 1, "det"),
        SyntaxWord((4, 8), 3, "nmod:poss", "cat", "NOUN"),
        SyntaxWord((8, 9), 1, "case"),
        SyntaxWord((10, 13), 4, "nsubj", "cat", "NOUN"),
        SyntaxWord((14, 17), None, "root"),
        SyntaxWord((17, 18), 4, "punct"),
    ),
)
TOKENS = encoding(
    TREE.text,
    [
        ("[CLS]", None, None),
        ("the", (0, 3), 0),
        ("cat", (4, 7), 1),
        ("##s", (7, 8), 1),
        ("'", (8, 9), 2),
        ("cat", (10, 13), 3),
        ("sat", (14, 17), 4),
        (".", (17, 18), 5),
        ("[SEP]", None, None),
    ],
)


def mapped(rows: np.ndarray) -> AttentionMap:
    return AttentionMap("encoder", rows.astype(np.float32), TOKENS, TOKENS)


def by_loops(weights: np.ndarray, sentence: Sentence, tokens: list[list[int]]) -> np.ndarray:
    """[relation, direction, layer, head], one word at a time."""
    layers, heads = weights.shape[:2]
    correct = np.zeros((len(RELATIONS), 2, layers, heads), dtype=int)
    names = {"det": "det", "nmod:poss": "poss", "nsubj": "nsubj"}
    for layer in range(layers):
        for head in range(heads):
            between = [
                [np.mean([weights[layer, head, q, list(keys)].sum() for q in queries]) for keys in tokens]
                for queries in tokens
            ]
            for at, word in enumerate(sentence.words):
                others = [other for other in range(len(tokens)) if other != at]
                looked_at = max(others, key=lambda other: between[at][other])
                looks_most = max(others, key=lambda other: between[other][at])
                for way, link in enumerate((looked_at, looks_most)):
                    if word.head is not None and link == word.head:
                        correct[RELATIONS.index(ALL), way, layer, head] += 1
                        if word.relation in names:
                            correct[RELATIONS.index(names[word.relation]), way, layer, head] += 1
                    if {at, link} == {1, 3}:
                        correct[RELATIONS.index(SAME_ENTITY), way, layer, head] += 1
    return correct


@pytest.mark.parametrize("seed", range(20))
def test_scores_equal_loops(seed: int) -> None:
    weights = random_weights(seed, 2, 3, len(TOKENS), len(TOKENS))
    tokens = [[1], [2, 3], [4], [5], [6], [7]]
    found = score(mapped(weights), TREE)
    np.testing.assert_array_equal(found.correct, by_loops(weights, TREE, tokens))
    assert found.counts.tolist() == [1, 0, 1, 0, 1, 0, 2, 0, 5]
    assert found.sentences == 1


def test_baseline_by_hand() -> None:
    offsets = score(mapped(random_weights(0, 1, 1, 9, 9)), TREE).offsets

    def at(relation: str, offset: int) -> int:
        return int(offsets[RELATIONS.index(relation), OFFSETS.index(offset)])

    assert (at("det", 1), at("nsubj", 1), at("poss", 2)) == (1, 1, 1)
    # the > cats (+1), cats > cat (+2), ' > cats (-1), cat > sat (+1), . > sat (-1)
    assert (at(ALL, 1), at(ALL, 2), at(ALL, -1)) == (2, 1, 2)
    assert (at(SAME_ENTITY, 2), at(SAME_ENTITY, -2)) == (1, 1)
    assert offsets.sum() == 3 + 5 + 2


def test_a_head_that_looks_at_each_words_head_is_always_right() -> None:
    rows = np.zeros((1, 2, 9, 9))
    heads = {1: 2, 2: 5, 3: 5, 4: 2, 5: 6, 6: 0, 7: 6, 0: 0, 8: 0}
    for token, to in heads.items():
        rows[0, 0, token, to] = 1
        rows[0, 1, to, token] = 1  # the other way round
    rows[0, 1, rows[0, 1].sum(axis=-1) == 0, 0] = 1
    rows /= rows.sum(axis=-1, keepdims=True)
    best = {found.relation: found for found in best_heads(score(mapped(rows), TREE))}
    assert (best[ALL].head, best[ALL].direction, best[ALL].accuracy) == (0, "from dependent", 1)
    accuracy = score(mapped(rows), TREE).accuracy
    backwards = DIRECTIONS.index("from head")
    assert accuracy[RELATIONS.index("nsubj"), backwards, 0, 1] == 1
    assert accuracy[RELATIONS.index("nsubj"), backwards, 0, 0] == 0
    assert np.isnan(accuracy[RELATIONS.index("amod")]).all()  # there is none in the sentence


def test_attention_to_oneself_and_to_special_tokens_is_no_link() -> None:
    rows = np.full((1, 1, 9, 9), 0.001)
    rows[..., np.arange(9), np.arange(9)] = 0.5
    rows[..., 0] = 0.4
    rows[0, 0, 1, 2] = 0.01  # the > cat: little, and the strongest link to another word
    assert score(mapped(rows), TREE).correct[RELATIONS.index("det"), 0, 0, 0] == 1


def test_a_word_that_sees_no_other_has_no_link() -> None:
    two = Sentence("b a", (SyntaxWord((0, 1), 1, "det"), SyntaxWord((2, 3), None, "root")))
    tokens = encoding("b a", [("b", (0, 1), 0), ("a", (2, 3), 1)])
    causal = np.array([[[[1, 0], [0, 1]]]], dtype=np.float32)
    assert count_hits(causal, find_links(tokens, two)).sum() == 0


def test_words_share_tokens_by_characters() -> None:
    """One token over two words is the larger one's; the smaller has none, and neither has what was cut off."""
    sentence = Sentence(
        "dont go on",
        (
            SyntaxWord((0, 2), 2, "aux"),
            SyntaxWord((2, 4), 2, "advmod"),
            SyntaxWord((5, 7), None, "root"),
            SyntaxWord((8, 10), 2, "det"),
        ),
    )
    tokens = encoding("dont go on", [("don", (0, 3), 0), ("t go", (3, 7), 1)])
    asked = find_links(tokens, sentence)
    assert asked.groups == ((0,), (1,))  # do, go: n't and on have no token of their own
    assert asked.counts[RELATIONS.index(ALL)] == 1


def test_names_of_both_schemes_are_one_relation() -> None:
    def counted(relation: str) -> list[str]:
        sentence = Sentence("b a", (SyntaxWord((0, 1), 1, relation), SyntaxWord((2, 3), None, "root")))
        tokens = encoding("b a", [("b", (0, 1), 0), ("a", (2, 3), 1)])
        counts = find_links(tokens, sentence).counts
        return [name for name, count in zip(RELATIONS, counts, strict=True) if count]

    assert counted("obj") == counted("dobj") == ["dobj", ALL]
    assert counted("nmod:poss") == counted("poss") == ["poss", ALL]
    assert counted("pobj") == ["pobj", ALL]
    assert counted("obl") == counted("obl:tmod") == [OBLIQUE, ALL]
    assert counted("nsubj:pass") == ["nsubj", ALL]
    assert counted("nmod") == counted("flat") == [ALL]


def prepositions(words: list[tuple[str, str, int, str]]) -> list[tuple[str, str]]:
    """What counts as a preposition and its object in a sentence of (form, part of speech, head from 1, relation)."""
    text, spans = lay_out_words([form for form, *_others in words], [True] * len(words))
    made = [
        SyntaxWord(span, head - 1 if head else None, relation, "", pos)
        for span, (_form, pos, head, relation) in zip(spans, words, strict=True)
    ]
    tokens = encoding(text, [(text[slice(*span)], span, at) for at, span in enumerate(spans)])
    right = find_links(tokens, Sentence(text, tuple(made))).right[RELATIONS.index("pobj")]
    return [(words[noun][0], words[word][0]) for noun, word in np.argwhere(right).tolist()]


def test_a_preposition_is_looked_for_from_its_object_in_both_schemes() -> None:
    stanford = [("sat", "VERB", 0, "root"), ("on", "ADP", 1, "prep"), ("mats", "NOUN", 2, "pobj")]
    universal = [("sat", "VERB", 0, "root"), ("on", "ADP", 3, "case"), ("mats", "NOUN", 1, "obl")]
    of_noun = [("mats", "NOUN", 0, "root"), ("of", "ADP", 3, "case"), ("straw", "NOUN", 1, "nmod")]
    unknown = [("sat", "", 0, "root"), ("on", "", 3, "case"), ("mats", "", 1, "obl")]
    assert prepositions(stanford) == prepositions(universal) == prepositions(unknown) == [("mats", "on")]
    assert prepositions(of_noun) == [("straw", "of")]


def test_the_sign_of_a_possessor_and_a_bare_oblique_are_no_prepositions() -> None:
    for pos in ("PART", ""):
        owner = [("cat", "NOUN", 3, "nmod:poss"), ("'s", pos, 1, "case"), ("mat", "NOUN", 0, "root")]
        assert prepositions(owner) == []
    assert prepositions([("left", "VERB", 0, "root"), ("today", "NOUN", 1, "obl:tmod")]) == []


def test_scores_add_up_and_only_with_their_own_kind() -> None:
    one = score(mapped(random_weights(1, 1, 2, 9, 9)), TREE)
    other = score(mapped(random_weights(2, 1, 2, 9, 9)), TREE)
    both = one + other
    np.testing.assert_array_equal(both.correct, one.correct + other.correct)
    assert (both.sentences, both.counts[-1]) == (2, 10)
    assert isinstance(both, SyntaxScores)
    with pytest.raises(MetricError, match="cannot be added"):
        one + score(mapped(random_weights(2, 2, 2, 9, 9)), TREE)


def test_other_texts_and_cross_attention_are_refused() -> None:
    with pytest.raises(MetricError, match="another text"):
        find_links(TOKENS, Sentence("The cats", TREE.words[:2]))
    crossed = AttentionMap("cross", random_weights(0, 1, 1, 9, 9), TOKENS, TOKENS)
    with pytest.raises(MetricError, match="within one text"):
        score(crossed, TREE)


def test_words_are_laid_out_with_their_spaces() -> None:
    text, spans = lay_out_words(["Do", "n't", "go"], [False, True, True])
    assert text == "Don't go"
    assert [text[slice(*span)] for span in spans] == ["Do", "n't", "go"]


def test_a_real_models_words_are_found(minilm: LoadedModel) -> None:
    found = attend(minilm, TREE.text).encoder
    assert score(found, TREE).counts[RELATIONS.index(ALL)] == 5
