import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError
from viz.inputs.text import MAX_CHARACTERS
from viz.studies.corpus.uploads import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_TEXTS,
    read_column,
    read_file,
    read_pasted,
    read_table,
)

CHINESE = "猫坐在垫子上。\n狗在叫。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_read_in_each_encoding(encoding: str) -> None:
    found = read_file("a.txt", CHINESE.encode(encoding))
    assert found.text == CHINESE
    assert found.kind == "lines"


def test_big_endian_utf_16_is_read_by_its_mark() -> None:
    assert read_file("a.txt", b"\xfe\xff" + CHINESE.encode("utf-16-be")).text == CHINESE


def test_a_file_is_read_by_the_encoding_that_is_named() -> None:
    data = "ありがとうございます".encode("shift_jis")
    with pytest.raises(InputError, match="Please choose its encoding"):
        read_file("a.txt", data)
    assert read_file("a.txt", data, "cp932").text == "ありがとうございます"
    with pytest.raises(InputError, match=r"a\.txt cannot be read as text in this encoding"):
        read_file("a.txt", data, "utf-8")
    for name in ("hex", "no such", ""):
        with pytest.raises(InputError, match="There is no encoding"):
            read_file("a.txt", data, name)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_lines_of_every_system_end_alike(end: str, encoding: str) -> None:
    assert read_file("a.txt", f"one é{end}two{end}".encode(encoding)).text == "one é\ntwo\n"


def test_a_mark_of_byte_order_is_no_text() -> None:
    assert read_pasted("\ufeff\nOne.").texts == ("One.",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "lines"),
        ("A.TXT", "lines"),
        ("a.b.csv", "table"),
        ("a.tsv", "table"),
        ("../x.conllu", "treebank"),
    ],
)
def test_the_name_tells_the_kind(name: str, kind: str) -> None:
    assert read_file(name, b"some text").kind == kind


@pytest.mark.parametrize("name", ["a.pdf", "a.xlsx", "txt", ".txt", "", "a.txt.exe"])
def test_another_kind_of_file_is_refused_by_name(name: str) -> None:
    with pytest.raises(
        InputError, match=r"no file that can be read here; \.txt, \.csv, \.tsv, \.conllu were expected"
    ):
        read_file(name, b"some text")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04\x00\x00\xff\xff", "cannot be read as text"),
        (b"\x00\x01\x02", "cannot be read as text"),
        ("text".encode("utf-16-le"), "cannot be read as text"),  # no mark, so NULs
        (b"\xff\xfe\x00", "cannot be read as text"),
        (b"\xff\xff\xff", "cannot be read as text"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a" * (MAX_BYTES + 1), "10,000,001 bytes; at most 10,000,000"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_file("a.txt", data)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_an_input_error(data: bytes) -> None:
    try:
        found = read_file("a.txt", data)
    except InputError:
        return
    assert found.text.strip()
    assert "\0" not in found.text


def test_lines_are_cut_where_lines_end_and_nowhere_else() -> None:
    found = read_pasted("One.\r\n\n  Two\u2028still two.\x0bAnd\x85so.  \rThree.")
    assert found.texts == ("One.", "Two\u2028still two.\x0bAnd\x85so.", "Three.")
    assert found.numbers == (1, 3, 4)
    assert found.blank == 1


def test_too_many_lines_are_refused() -> None:
    assert len(read_pasted("a\n" * MAX_TEXTS).texts) == MAX_TEXTS
    with pytest.raises(InputError, match="more than 5,000 texts"):
        read_pasted("a\n" * (MAX_TEXTS + 1))


def test_a_giant_line_is_named() -> None:
    with pytest.raises(InputError, match="Line 2: The text has 100,001 characters"):
        read_pasted("short\n" + "a" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("text", ["", " \n \n"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no text here"):
        read_pasted(text)


def test_a_nul_is_refused() -> None:
    with pytest.raises(InputError, match="NUL"):
        read_pasted("a\0b")


def test_a_giant_paste_is_refused_before_it_is_cut_up() -> None:
    with pytest.raises(InputError, match=r"10,000,001 characters; at most 10,000,000"):
        read_pasted("\n" * (MAX_BYTES + 1))


ROWS = [
    ["id", "text", "note"],
    ["1", 'She said "no", twice', ""],
    ["2", "one; two\nlines", "x"],
    ["3", "", "y"],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_with_each_delimiter(delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(ROWS)
    table = read_table(written.getvalue())
    assert table.columns == ("id", "text", "note")
    found = read_column(table, "text")
    assert found.texts == ('She said "no", twice', "one; two\nlines")
    assert found.numbers == (2, 3)
    assert found.blank == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_quote_that_nothing_closes_is_a_sign_of_its_own_cell(delimiter: str) -> None:
    """Each cell that begins with a quote; the next one with a quote anywhere does not close it."""
    rows = [["text", "n"], ["\"that's odd", "1"], ["next", "2"], ['last "one', "3"], ["end", "4"]]
    table = read_table("".join(delimiter.join(row) + "\n" for row in rows))
    assert table.columns == ("text", "n")
    assert [list(row) for row in table.rows] == rows[1:]


def test_tabs_beside_commas_and_lone_quotes_lose_no_row() -> None:
    table = read_table('text\tn\n"that\'s odd, she said\t1\nnext\t2\nthen"\t3\n\n')
    assert read_column(table, "text").texts == ("\"that's odd, she said", "next", 'then"')


def test_quotes_that_balance_are_taken_off_whatever_the_separator() -> None:
    for text in ('a\tb\n"say ""no"""\t1\n', 'a,b\n"say ""no""",1\n', 'a\n"say ""no"""\n'):
        assert read_column(read_table(text), "a").texts == ('say "no"',)


def test_one_wrong_quote_costs_one_row_and_no_other() -> None:
    rows = [f'{number},"one, two\nand {number}"' for number in range(40)]
    text = "\n".join(["n,text", *rows[:20], '20,"wrong" here, too', *rows[20:]]) + "\n"
    texts = read_column(read_table(text), "text").texts
    assert [f"one, two\nand {number}" in texts for number in range(40)] == [True] * 40


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_separator_that_excel_writes_first_is_used_and_is_no_row(first: str, end: str) -> None:
    table = read_table(f"{first}{end}text;n{end}Hello, you, and me;1{end}Bye, all, of you;2{end}")
    assert table.columns == ("text", "n")
    assert read_column(table, "text").texts == ("Hello, you, and me", "Bye, all, of you")
    assert read_column(table, "text").numbers == (3, 4)
    assert read_table(f"{first}{end}a;b{end}", header=False).columns == ("1", "2")


@pytest.mark.parametrize("sign", [",", "\t", "|", ":", "~"])
def test_excels_line_may_name_any_separator(sign: str) -> None:
    table = read_table(f"sep={sign}\na{sign}b\n1{sign}2\n")
    assert (table.columns, table.rows) == (("a", "b"), (("1", "2"),))


def test_a_column_that_is_called_as_such_is_a_column() -> None:
    assert read_table("sep=mean;n\na;1\n").columns == ("sep=mean", "n")
    assert read_table("sep=\nx\n").columns == ("sep=",)


def test_empty_rows_above_the_names_are_no_names() -> None:
    table = read_table("\n , \ntext,n\nOne,1\n")
    assert table.columns == ("text", "n")
    assert read_column(table, "text").numbers == (4,)


def test_a_table_of_one_column_keeps_its_commas() -> None:
    table = read_table("text\nHello, world\nFoo, bar, and baz\n'tis a; b\n")
    assert table.columns == ("text",)
    assert read_column(table, "text").texts == ("Hello, world", "Foo, bar, and baz", "'tis a; b")


def test_without_a_header_columns_are_numbered() -> None:
    table = read_table("a,b\nc,d\n", header=False)
    assert table.columns == ("1", "2")
    assert read_column(table, "2").texts == ("b", "d")
    assert read_column(table, "2").numbers == (1, 2)


def test_columns_have_names_of_their_own_and_short_rows_are_filled() -> None:
    table = read_table("text,text,,\na,b,c,d\ne,f,g,h\ni,j\n")
    assert table.columns == ("text", "text (2)", "3", "4")
    assert table.rows[2] == ("i", "j", "", "")
    assert read_column(table, "text (2)").texts == ("b", "f", "j")


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match=r"no column body\. Please choose one of: a, b"):
        read_column(read_table("a,b\n1,2\n"), "body")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n" + "1,2\n" * (MAX_TEXTS + 1), "more than 5,000"),
        (",".join("a" * (MAX_COLUMNS + 1)) + "\n", "Row 1 has 201 columns"),
        ('a,b\n1,"' + "x" * 200_000 + '"\n', "cannot be read after row 1"),
        ("\n\n", "is empty"),
    ],
)
def test_a_table_out_of_bounds_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_table(text)


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), min_size=1, max_size=6))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\0", "").replace("\r", "") for cell in row] for row in rows]
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["left", "right"], *rows])
    table = read_table(written.getvalue())
    assert table.columns == ("left", "right")
    assert [list(row) for row in table.rows] == rows


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_an_input_error(text: str) -> None:
    try:
        table = read_table(text)
    except InputError:
        return
    assert len(set(table.columns)) == len(table.columns)
    assert {len(row) for row in table.rows} <= {len(table.columns)}
