"""The words of the phrase grammar, French with their English: nouns, adjectives, verbs and little words.

Every word has one English for each of its French forms, so that a phrase has one translation. Kinds say what goes with
what: one eats food and reads a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["person", "animal", "food", "text", "thing"]
Gender = Literal["m", "f"]

PERSON: tuple[Kind, ...] = ("person",)
LIVING: tuple[Kind, ...] = ("person", "animal")
OBJECTS: tuple[Kind, ...] = ("food", "text", "thing")
ALL: tuple[Kind, ...] = ("person", "animal", "food", "text", "thing")


@dataclass(frozen=True)
class Noun:
    """A noun in both numbers and both languages."""

    french: str
    gender: Gender
    kind: Kind
    english: str
    french_plural: str = ""
    english_plural: str = ""

    def in_french(self, plural: bool) -> str:
        """Its French form; the plural takes an s unless it says otherwise."""
        return (self.french_plural or self.french + "s") if plural else self.french

    def in_english(self, plural: bool) -> str:
        """Its English form; the plural takes an s unless it says otherwise."""
        return (self.english_plural or self.english + "s") if plural else self.english


@dataclass(frozen=True)
class Adjective:
    """An adjective: its four French forms, and where it stands.

    `before` is for those that stand before their noun; `before_vowel` is the masculine that such a one has there
    before a vowel (un vieil arbre).
    """

    english: str
    masculine: str
    feminine: str
    kinds: tuple[Kind, ...]
    before: bool = False
    before_vowel: str = ""
    masculine_plural: str = ""

    def in_french(self, gender: Gender, plural: bool) -> str:
        """Its form for a noun of this gender and number."""
        if gender == "f":
            return self.feminine + "s" * plural
        if not plural:
            return self.masculine
        ends = self.masculine.endswith(("s", "x"))
        return self.masculine_plural or (self.masculine if ends else self.masculine + "s")


@dataclass(frozen=True)
class Verb:
    """A verb in the present: `forms` for je, tu, il, nous, vous, ils; and of English the base and the third person.

    `after` is a preposition that English puts after it (to look for). `objects` is what it can have as object, none
    for a verb without one. `pronoun` says what "le" and "la" mean after it: a person (him, her) or a thing (it);
    "" for a verb that is not used with them here. `alone` is for one that needs no object, `definite` for one whose
    object never stands with un or des.
    """

    infinitive: str
    forms: str
    english: str
    third: str
    after: str = ""
    objects: tuple[Kind, ...] = ()
    pronoun: Literal["person", "thing", ""] = ""
    alone: bool = False
    definite: bool = False

    @property
    def french(self) -> tuple[str, ...]:
        """The six forms."""
        return tuple(self.forms.split())


def _er(infinitive: str, english: str, third: str = "", **more: Any) -> Verb:
    """A regular verb in -er; after a g an e stays before -ons."""
    stem = infinitive.removesuffix("er")
    ons = stem + ("eons" if stem.endswith("g") else "ons")
    forms = f"{stem}e {stem}es {stem}e {ons} {stem}ez {stem}ent"
    return Verb(infinitive, forms, english, third or english + "s", **more)


def _dre(infinitive: str, english: str, **more: Any) -> Verb:
    """A regular verb in -dre."""
    stem = infinitive.removesuffix("re")
    forms = f"{stem}s {stem}s {stem} {stem}ons {stem}ez {stem}ent"
    return Verb(infinitive, forms, english, english + "s", **more)


NOUNS = (
    Noun("garçon", "m", "person", "boy"),
    Noun("fille", "f", "person", "girl"),
    Noun("homme", "m", "person", "man", english_plural="men"),
    Noun("femme", "f", "person", "woman", english_plural="women"),
    Noun("enfant", "m", "person", "child", english_plural="children"),
    Noun("ami", "m", "person", "friend"),
    Noun("étudiant", "m", "person", "student"),
    Noun("étudiante", "f", "person", "student"),
    Noun("professeur", "m", "person", "teacher"),
    Noun("médecin", "m", "person", "doctor"),
    Noun("chat", "m", "animal", "cat"),
    Noun("chien", "m", "animal", "dog"),
    Noun("cheval", "m", "animal", "horse", "chevaux"),
    Noun("oiseau", "m", "animal", "bird", "oiseaux"),
    Noun("vache", "f", "animal", "cow"),
    Noun("souris", "f", "animal", "mouse", "souris", "mice"),
    Noun("pomme", "f", "food", "apple"),
    Noun("poire", "f", "food", "pear"),
    Noun("gâteau", "m", "food", "cake", "gâteaux"),
    Noun("orange", "f", "food", "orange"),
    Noun("livre", "m", "text", "book"),
    Noun("lettre", "f", "text", "letter"),
    Noun("histoire", "f", "text", "story", english_plural="stories"),
    Noun("journal", "m", "text", "newspaper", "journaux"),
    Noun("voiture", "f", "thing", "car"),
    Noun("maison", "f", "thing", "house"),
    Noun("fleur", "f", "thing", "flower"),
    Noun("table", "f", "thing", "table"),
    Noun("chaise", "f", "thing", "chair"),
    Noun("arbre", "m", "thing", "tree"),
    Noun("clé", "f", "thing", "key"),
    Noun("chapeau", "m", "thing", "hat", "chapeaux"),
    Noun("sac", "m", "thing", "bag"),
    Noun("robe", "f", "thing", "dress", english_plural="dresses"),
    Noun("image", "f", "thing", "picture"),
    Noun("bateau", "m", "thing", "boat", "bateaux"),
)
# What one is by trade: French has no article there, English has one.
TRADES = (
    ("étudiant", "étudiante", "student"),
    ("professeur", "professeure", "teacher"),
    ("médecin", "médecin", "doctor"),
)

ADJECTIVES = (
    Adjective("black", "noir", "noire", ("animal", "thing")),
    Adjective("white", "blanc", "blanche", ("animal", "thing")),
    Adjective("red", "rouge", "rouge", ("food", "thing")),
    Adjective("blue", "bleu", "bleue", ("text", "thing")),
    Adjective("green", "vert", "verte", ("food", "thing")),
    Adjective("yellow", "jaune", "jaune", ("animal", "food", "thing")),
    Adjective("intelligent", "intelligent", "intelligente", LIVING),
    Adjective("tired", "fatigué", "fatiguée", LIVING),
    Adjective("happy", "heureux", "heureuse", LIVING),
    Adjective("strong", "fort", "forte", LIVING),
    Adjective("sad", "triste", "triste", ("person", "animal", "text")),
    Adjective("famous", "célèbre", "célèbre", ("person", "text")),
    Adjective("strange", "étrange", "étrange", ALL),
    Adjective("heavy", "lourd", "lourde", ("food", "text", "thing")),
    Adjective("useful", "utile", "utile", ("text", "thing")),
    Adjective("expensive", "cher", "chère", OBJECTS),
    Adjective("small", "petit", "petite", ALL, before=True),
    Adjective("big", "grand", "grande", ("animal", "thing"), before=True),
    Adjective("young", "jeune", "jeune", LIVING, before=True),
    Adjective("pretty", "joli", "jolie", ("animal", "thing"), before=True),
    Adjective("good", "bon", "bonne", ("person", "food", "text"), before=True),
    Adjective("bad", "mauvais", "mauvaise", ("food", "text"), before=True),
    Adjective("old", "vieux", "vieille", ALL, before=True, before_vowel="vieil"),
    Adjective("new", "nouveau", "nouvelle", ("text", "thing"), True, "nouvel", "nouveaux"),
    Adjective("beautiful", "beau", "belle", ("animal", "text", "thing"), True, "bel", "beaux"),
)

VERBS = (
    _er("manger", "eat", objects=("food",), pronoun="thing", alone=True),
    Verb("voir", "vois vois voit voyons voyez voient", "see", "sees", "", ALL, "person"),
    _er("aimer", "like", objects=ALL, definite=True),
    _er("chercher", "look", after="for", objects=ALL, pronoun="person"),
    _er("regarder", "watch", "watches", objects=ALL, pronoun="person"),
    _er("trouver", "find", objects=ALL, pronoun="person"),
    _er("dessiner", "draw", objects=ALL, alone=True),
    _er("écouter", "listen", after="to", objects=PERSON),
    _dre("attendre", "wait", after="for", objects=PERSON),
    Verb(
        "connaître",
        "connais connais connaît connaissons connaissez connaissent",
        "know",
        "knows",
        "",
        PERSON,
        "person",
    ),
    Verb("acheter", "achète achètes achète achetons achetez achètent", "buy", "buys", "", OBJECTS, "thing"),
    _dre("vendre", "sell", objects=OBJECTS, pronoun="thing"),
    _er("porter", "carry", "carries", objects=OBJECTS, pronoun="thing"),
    _dre("perdre", "lose", objects=("text", "thing"), pronoun="thing"),
    _er("laver", "wash", "washes", objects=("thing",), pronoun="thing"),
    Verb("lire", "lis lis lit lisons lisez lisent", "read", "reads", "", ("text",), "thing", True),
    _er("chanter", "sing", alone=True),
    _er("danser", "dance", alone=True),
    _er("marcher", "walk", alone=True),
    _er("travailler", "work", alone=True),
    _er("jouer", "play", alone=True),
    _er("nager", "swim", alone=True),
    Verb("dormir", "dors dors dort dormons dormez dorment", "sleep", "sleeps", alone=True),
    Verb("courir", "cours cours court courons courez courent", "run", "runs", alone=True),
)
HAVE = Verb("avoir", "ai as a avons avez ont", "have", "has", "", ALL)
WANT = Verb("vouloir", "veux veux veut voulons voulez veulent", "want", "wants", "to")
CAN = Verb("pouvoir", "peux peux peut pouvons pouvez peuvent", "can", "can")
MUST = Verb("devoir", "dois dois doit devons devez doivent", "must", "must")
BE_FRENCH = ("suis", "es", "est", "sommes", "êtes", "sont")
BE_ENGLISH = ("am", "are", "is", "are", "are", "are")
# French has them, English is them.
STATES = (("faim", "hungry"), ("soif", "thirsty"), ("froid", "cold"), ("chaud", "hot"), ("peur", "afraid"))
_INTO = ("voiture", "maison", "sac", "bateau")
_BESIDE = ("table", "chaise", "arbre", "maison", "voiture", "bateau", "fleur")
# In French, in English, and the nouns that they stand with.
PREPOSITIONS = (
    ("sur", "on", ("table", "chaise", "maison", "voiture", "bateau", "chapeau", "sac", "robe")),
    ("sous", "under", ("table", "chaise", "arbre", "voiture", "bateau", "chapeau", "sac", "robe")),
    ("dans", "in", _INTO),
    ("devant", "in front of", _BESIDE),
    ("derrière", "behind", _BESIDE),
)
ADVERBS = (("souvent", "often"), ("toujours", "always"), ("parfois", "sometimes"))
_GENDERS: tuple[Gender, ...] = ("m", "f")
# Articles, pronouns, negation, questions: with the forms that they have before a vowel.
_LITTLE = (
    "le la les l' un une des de d' ce cet cette ces mon ma mes ton ta tes notre nos "
    "je j' tu il elle nous vous ils elles me m' te t' ne n' pas jamais est-ce que qu' où y ?"
)


@lru_cache(maxsize=1)
def words_by_kind() -> Mapping[str, tuple[str, ...]]:
    """All French words of the grammar, each group in the order of the alphabet: nouns, adjectives, verbs, others."""
    nouns = {noun.in_french(plural) for noun in NOUNS for plural in (False, True)}
    trades = {word + end for *french, _english in TRADES for word in french for end in ("", "s")}
    adjectives = {
        adjective.in_french(gender, plural)
        for adjective in ADJECTIVES
        for gender in _GENDERS
        for plural in (False, True)
    } | {adjective.before_vowel for adjective in ADJECTIVES if adjective.before_vowel}
    verbs = {form for verb in (*VERBS, HAVE, WANT, CAN, MUST) for form in verb.french} | set(BE_FRENCH)
    verbs |= {verb.infinitive for verb in VERBS}
    others = {*_LITTLE.split(), *(word for word, *_rest in (*STATES, *ADVERBS, *PREPOSITIONS))}
    groups = {"nouns": nouns | trades, "adjectives": adjectives, "verbs": verbs, "others": others}
    return MappingProxyType({name: tuple(sorted(words)) for name, words in groups.items()})


@lru_cache(maxsize=1)
def french_words() -> frozenset[str]:
    """All French words of the grammar, as its tokenizer parts them: an apostrophe ends a word."""
    return frozenset().union(*words_by_kind().values())
