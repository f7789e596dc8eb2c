"""Files in old encodings: told apart by what they say, and read by another one where a person names it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.studies.corpus.file_encodings import ENCODINGS, decode

SAMPLES = {
    "english": ("cp1252", "It’s fine.\n"),
    "english quotes": ("cp1252", "“Don’t,” she said — and left…\nIt’s late.\n"),
    "english price": ("cp1252", "The café’s price is €5.\n"),
    "french": ("cp1252", "Ça va très bien, merci. Où êtes-vous allé ?\n"),
    "german": ("latin-1", "Die Männer gehen über die Straße.\n"),
    "spanish": ("latin-1", "Mañana será otro día.\n"),
    "portuguese": ("latin-1", "Não há pão.\nA criança está na praça.\n"),
    "swedish": ("latin-1", "Flickan åt ett äpple på gården.\n"),
    "polish": ("cp1250", "Zażółć gęślą jaźń.\n"),
    "russian": ("cp1251", "Кошка сидит на ковре.\n"),
    "russian of unix": ("koi8-r", "Кошка сидит на ковре.\n"),
    "greek": ("cp1253", "Η γάτα κάθεται στο χαλί.\n"),
    "turkish": ("cp1254", "Kedi halının üstünde oturuyor.\n"),
    "hebrew": ("cp1255", "החתול יושב על השטיח.\n"),
    "arabic": ("cp1256", "القطة تجلس على السجادة.\n"),
    "thai": ("cp874", "แมวนั่งอยู่บนพรม\n"),
    "traditional": ("big5", "貓坐在墊子上。\n狗在叫。\n"),
    "traditional, few": ("big5", "這是一個測試\n"),
    "simplified": ("gb18030", "猫坐在垫子上。\n狗在叫。\n"),
    "simplified, few": ("gb2312", "你好，世界\n"),
    "japanese": ("shift_jis", "猫が座っている。\n犬が鳴く。\n"),
    "japanese of unix": ("euc_jp", "猫が座っている。\n犬が鳴く。\n"),
    "japanese of mail": ("iso2022_jp", "猫が座っている。\n犬が鳴く。\n"),
    "korean": ("euc_kr", "고양이가 앉아 있다.\n개가 짖는다.\n"),
    "korean, few": ("euc_kr", "안녕하세요\n"),
    "utf-16": ("utf-16", "It’s fine.\n"),
    "utf-16, no mark": ("utf-16-le", "Only plain letters here.\n"),
    "utf-16, other end, no mark": ("utf-16-be", "猫坐在垫子上。\n"),
    "utf-32": ("utf-32", "It’s fine.\n"),
    "utf-8": ("utf-8", "été\n"),
    "utf-8 with a mark": ("utf-8-sig", "Plain.\n"),
}


@pytest.mark.parametrize(("encoding", "text"), SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("times", [1, 30])
def test_a_text_is_read_by_the_encoding_it_was_written_in(encoding: str, text: str, times: int) -> None:
    read = decode((text * times).encode(encoding))
    assert read is not None
    assert read[0] == text * times


@given(st.text(alphabet=st.characters(exclude_characters="\0\x1b", exclude_categories=["Cs"])))
def test_whatever_is_utf_8_is_read_as_such(text: str) -> None:
    assert decode(text.encode()) == (text.removeprefix("\ufeff"), "utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_can_be_named_and_is_then_the_only_one(encoding: str) -> None:
    assert decode("text".encode(encoding), encoding) == ("text", encoding)
    assert decode(b"\xe9\x00\xff", encoding) is None  # a zero, or half a sign


def test_a_sign_that_comes_late_counts() -> None:
    read = decode(b"plain words\n" * 100_000 + "Die Männer gehen über die Straße.".encode("cp1252"))
    assert read is not None
    assert read[1] == "cp1252"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff",
        "café ok ".encode() * 9 + b"\xe9",  # UTF-8 with a broken end
        "ありがとうございます".encode("shift_jis"),
        random.Random(0).randbytes(3_000),
        bytes(range(256)),
    ],
    ids=["three signs", "broken", "one kind of letter", "noise", "every byte"],
)
def test_what_does_not_tell_is_not_guessed(data: bytes) -> None:
    assert decode(data) is None


def test_a_sign_of_escape_alone_is_text() -> None:
    assert decode(b"a\x1b[31mb") == ("a\x1b[31mb", "utf-8")
