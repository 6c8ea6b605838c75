"""Files of payments as people really send them: every payee read exactly, or the line said on which one cannot be."""

import csv
import io
from itertools import permutations

import pytest

from fundraising.money import Money
from fundraising.paying import bulk_file
from fundraising.refusals import BadBulkFile
from tests.fundraising.xlsx import sheet, workbook

HEAD = ["name", "phone", "amount"]
MARY = ["Mary Wanjiku", "0712345678", "25000"]
JOHN = ["John Mwangi", "0722345678", "500"]


def refused(data: bytes | str) -> list[tuple[int, str]]:
    with pytest.raises(BadBulkFile) as bad:
        bulk_file.read(data.encode() if isinstance(data, str) else data, 1)
    return bad.value.errors


def paid(data: bytes | str) -> list[tuple[int, str, str, str]]:
    rows = bulk_file.read(data.encode() if isinstance(data, str) else data, 1)
    return [(row.line, row.order.recipient_name, row.order.phone.digits, str(row.order.amount)) for row in rows]


BOTH = [(2, "Mary Wanjiku", "254712345678", "KES 25,000"), (3, "John Mwangi", "254722345678", "KES 500")]


def one_lower(lines: int) -> list[tuple[int, str, str, str]]:
    return [(line + lines, *told) for line, *told in BOTH]  # type: ignore[misc]


def saved_as(separator: str, rows: list[list[str]] | None = None) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows or [HEAD, MARY, JOHN])
    return written.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_it_is_read_whatever_it_was_saved_as(separator: str, encoding: str) -> None:
    assert paid(saved_as(separator).encode(encoding)) == BOTH
    assert paid(saved_as(separator).replace("\r\n", "\r").encode(encoding)) == BOTH


def test_a_name_with_letters_of_its_own_is_read_from_windows_and_from_unicode_text() -> None:
    rows = [HEAD, ["José Ng’ang’a", *MARY[1:]]]
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert paid(saved_as("\t", rows).encode(encoding))[0][1] == "José Ng’ang’a"


@pytest.mark.parametrize(
    "above", ["Payments for November,,\n", "\n\n", ",,\nWater for Turkana\nBy: Akinyi\n", "sep=,\n"]
)
def test_lines_above_the_header_are_passed_over_and_counted(above: str) -> None:
    assert paid(above + saved_as(",")) == one_lower(above.count("\n"))


def test_the_separator_that_excel_names_is_the_one() -> None:
    assert paid("sep=;\r\n" + saved_as(";")) == one_lower(1)
    assert paid("SEP=|\r\n" + saved_as("|")) == one_lower(1)


def test_payments_above_the_header_are_not_passed_over() -> None:
    assert refused("Mary,0712345678,500\n" + saved_as(",")) == [(1, "header")]


@pytest.mark.parametrize(
    "words",
    [
        "Full Name,Phone Number,Amount (KES)",
        "PAYEE;Mobile No.;Amount KShs",
        "Beneficiary_Name,M-Pesa Number,Sum",
        "Jina,Simu,Kiasi",
        "Jina la mpokeaji,Namba ya simu,Kiasi (KES)",
        '"name ", phone,=""amount""'.replace('""', '"'),
    ],
)
def test_columns_are_known_by_common_words_in_english_and_swahili(words: str) -> None:
    separator = ";" if ";" in words else ","
    rows = saved_as(separator, [MARY, JOHN])
    assert paid(f"{words}\n{rows}") == BOTH


def test_columns_come_in_any_order_and_others_are_left_alone() -> None:
    for order in permutations(range(3)):
        rows = [["No.", *(row[at] for at in order), "Notes"] for row in (HEAD, MARY, JOHN)]
        rows[1][0], rows[2][0] = "1", "2"
        assert paid(saved_as(",", rows)) == BOTH


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("name,phone,amount", "Mary,0712345678,25,000"),
        ("name,phone,amount,purpose", "Mary,0712345678,25,000"),
        ("name,phone,amount,purpose", "Mary,0712345678,25,000,Fees"),
        ("name,phone,amount,purpose", "Mary,0712345678,KES 25,000.00"),
        ("name,phone,amount,ngo_id", "Mary,0712345678,1,250,000"),
        ("name,amount,phone", "Mary,25,000,0712345678"),
        ("name,phone,amount,", "Mary,0712345678,25,000/="),
    ],
)
def test_thousands_without_quotation_marks_are_never_paid_as_25(head: str, row: str) -> None:
    assert refused(f"{head}\n{row}\n") == [(2, "torn")]
    assert paid('name,phone,amount\nMary Wanjiku,0712345678,"25,000"\n') == BOTH[:1]
    assert paid("name;phone;amount\nMary Wanjiku;0712345678;25,000\n") == BOTH[:1]


@pytest.mark.parametrize("row", ["Mary,0712345678", "Mary,0712345678,500,", "Mary,0712345678,500,x,y", "Mary"])
def test_a_row_with_a_cell_too_many_or_too_few_is_refused_by_its_line(row: str) -> None:
    assert refused(f"name,phone,amount\nJohn,0722345678,500\n{row}\n") == [(3, "cells")]


def test_a_cell_below_no_heading_is_refused() -> None:
    assert refused("name,phone,amount,\nMary,0712345678,500,lost\n") == [(2, "cells")]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('One,0712345678,500,"School fees\nTwo,0722345678,700,Water\n', "quotes"),
        ('One,0712345678,500,"School fees\nTwo,0722345678,700,Water"\n', "line_break"),
        ('One,0712345678,500,"School" fees\nTwo,0722345678,700,Water\n', "quotes"),
        ('One,0712345678,500,"School fees\nTwo,0722345678,700,"Water"\n', "quotes"),
    ],
)
def test_a_quotation_mark_swallows_no_payee(row: str, fault: str) -> None:
    assert refused(f"name,phone,amount,purpose\n{row}") == [(2, fault)]
    assert refused(f"name,phone,amount,purpose\n\nA,0711111111,10,x\n{row}") == [(4, fault)]
    assert refused(f'"name",phone,amount,"purpose\n{row}')[0][0] == 1


@pytest.mark.parametrize(
    "head",
    ["name,phone,amount,amount", "name,phone,amount,Amount (KES)", "name,phone,sum,amount", "name,phone,amount,x,x"],
)
def test_no_column_comes_twice(head: str) -> None:
    row = ",".join(["Mary", "0712345678", "25", *["3000"] * (head.count(",") - 2)])
    assert refused(f"{head}\n{row}\n") == [(1, "column_twice")]


def test_a_number_may_be_kept_as_text_by_a_formula() -> None:
    assert paid('name,phone,amount\n"=""Mary Wanjiku""",="0712345678",25000\n') == BOTH[:1]
    assert refused("name,phone,amount\nMary,=B7,25000\n") == [(2, "phone")]


@pytest.mark.parametrize("phone", ["254712345678.0", "712345678.0", "712345678", "+254 712 345 678", "0712-345-678"])
def test_a_number_is_read_as_spreadsheets_leave_it(phone: str) -> None:
    assert paid(saved_as(",", [HEAD, [MARY[0], phone, MARY[2]]])) == BOTH[:1]


def test_a_thousand_payments_are_taken_and_one_more_is_not() -> None:
    def file(count: int) -> str:
        return saved_as(",", [HEAD, *([f"P {n}", f"07{10_000_000 + n}", "100"] for n in range(count))])

    assert len(paid(file(1_000))) == 1_000
    assert refused(file(1_001)) == [(1, "too_many")]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", "name,phone,amount".encode("utf-16-le"), b"name\x81,phone,amount\n"])
def test_what_is_no_text_says_how_to_save_it(data: bytes) -> None:
    assert refused(data) == [(1, "unreadable")]


def test_a_workbook_is_read_as_its_lines_are_numbered() -> None:
    rows: list[list[str | float | None]] = [
        ["Payments for November"],
        [],
        ["Full Name", "Phone", "Amount (KES)", "Purpose"],
        ["Mary Wanjiku", 712345678.0, 25000.0, "School\nfees"],
        [],
        ["John Mwangi", "0722345678", "500"],
    ]
    found = bulk_file.read(workbook(sheet(rows, first_line=2)), 1)
    assert [(row.line, row.order.phone.digits, row.order.amount) for row in found] == [
        (5, "254712345678", Money.shillings(25_000)),
        (7, "254722345678", Money.shillings(500)),
    ]
    assert [row.order.purpose for row in found] == ["School fees", ""]


def test_a_workbook_with_amounts_of_cents_or_shortened_numbers_is_refused_by_line() -> None:
    rows: list[list[str | float | None]] = [[*HEAD], ["Mary", 712345678.0, 25.005], ["John", "2.54E+11", 500.0]]
    assert refused(workbook(sheet(rows))) == [(2, "amount"), (3, "scientific")]


def test_only_what_is_seen_is_paid() -> None:
    shown = sheet([HEAD, MARY, JOHN])
    assert refused(workbook(sheet([HEAD, MARY, JOHN], hidden=frozenset({3})))) == [(1, "hidden")]
    assert refused(workbook(shown, sheet([["other"]]))) == [(1, "sheets")]
    assert paid(workbook(shown, sheet([["a list"]]), states=["visible", "hidden"])) == BOTH
    assert paid(workbook("", shown)) == BOTH


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, workbook(sheet([HEAD]))[:-40]])
def test_a_broken_workbook_is_refused(data: bytes) -> None:
    assert refused(data) == [(1, "unreadable")]


def test_an_old_workbook_says_how_to_save_it() -> None:
    assert refused(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 100) == [(1, "old_workbook")]


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NO_PLACES = "<row>" + "<c><v>1</v></c>" * 20_000 + '</row><row r="900000"><c><v>1</v></c></row>'


@pytest.mark.parametrize("rows", [FAR, NO_PLACES, sheet([["x" * 50_000_000]])], ids=["far", "wide", "packed"])
def test_a_workbook_that_would_fill_the_memory_ends_only_its_own_reader(rows: str) -> None:
    assert refused(workbook(rows))[0][1] in ("too_many", "unreadable", "header")
