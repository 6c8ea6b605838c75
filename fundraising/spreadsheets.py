"""A table as people save it, in CSV or XLSX: every cell of every row under the name of its column, or a line that says
why not. Nothing is guessed and nothing left out: such files move money.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fundraising import workbooks
from fundraising.workbooks import NotAWorkbook

MOST_BYTES = 1_000_000
HEADER_WITHIN = 10  # lines of the file
SEPARATORS = (",", ";", "\t")
SEPARATOR_LINE = re.compile(r"sep=(.)", re.I)  # what Excel writes above the header
FORMULA_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"')  # how a spreadsheet is made to keep a leading zero
UNIT = re.compile(r"\(?\b(?:kes|kshs?|sh)\b\.?\)?")
UP_TO_THOUSANDS = re.compile(r"(?:kes|kshs?)?\.?\s*[0-9]{1,3}", re.I)
THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]{1,2})?\s*(?:/[-=])?")
PHONE_LIKE = re.compile(r"\+?[0-9][0-9 ()-]{8,}")


class NotATable(Exception):
    """Faults by line, each a word that letters has a sentence for."""

    def __init__(self, *errors: tuple[int, str]):
        super().__init__(f"{len(errors)} errors")
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Columns:
    """`words`: what may stand over each column, in small letters. `amounts`: where thousands may have been torn off."""

    words: Mapping[str, frozenset[str]]
    needed: frozenset[str]
    amounts: frozenset[str] = frozenset()

    def named(self, heading: str) -> str | None:
        plain = tidied_heading(heading)
        return next((name for name, words in self.words.items() if plain in words), None)


@dataclass(frozen=True, slots=True)
class Header:
    line: int
    headings: list[str]
    names: list[str | None]  # of the columns that we know

    @property
    def says_something_twice(self) -> bool:
        said, known = [*filter(None, self.headings)], [*filter(None, self.names)]
        return len(set(said)) < len(said) or len(set(known)) < len(known)

    def places(self, names: Iterable[str]) -> list[int]:
        return [self.names.index(name) for name in names if name in self.names]

    def fits(self, cells: list[str]) -> bool:
        """No cell too many or too few, and none below nothing."""
        if len(cells) != len(self.headings):
            return False
        return all(heading or not cell.strip() for heading, cell in zip(self.headings, cells, strict=True))


@dataclass(frozen=True, slots=True)
class Row:
    """`line`: as the person sees it in the file."""

    line: int
    cells: Mapping[str, str]


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


Record = tuple[int, list[str]]  # a line and its cells, as they are


def read(data: bytes, columns: Columns, most_rows: int) -> Table:
    """What is wrong with a row is among the table's errors. An empty row is none. Raises NotATable."""
    if len(data) > MOST_BYTES:
        raise NotATable((1, "too_large"))
    if data.startswith(workbooks.OLD_SIGNATURE):
        raise NotATable((1, "old_workbook"))
    if data.startswith(workbooks.SIGNATURE):
        return table_of(of_workbook(data), columns, most_rows)
    text = decoded(data)
    separator = separator_in(text, columns)
    return table_of(of_text(text, separator), columns, most_rows, is_torn_by_commas=separator == ",")


def of_workbook(data: bytes) -> list[Record]:
    try:
        return list(enumerate(workbooks.rows(data), start=1))
    except NotAWorkbook as error:
        raise NotATable((1, str(error))) from error


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 with or without a byte order mark, or what Excel writes on Windows."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # two bytes a letter, and nothing that says so
            return text
    raise NotATable((1, "unreadable"))


def separator_in(text: str, columns: Columns) -> str:
    """The one that makes a header of a line; where none does, the comma."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0].strip('"')
    if said := SEPARATOR_LINE.fullmatch(first):
        return said[1]
    for separator in SEPARATORS:
        try:
            header_in(first_of(of_text(text, separator)), columns)
        except NotATable:
            continue
        return separator
    return ","


def first_of(records: Iterable[Record]) -> list[Record]:
    found = []
    for line, cells in records:
        if line > HEADER_WITHIN:
            break
        found.append((line, cells))
    return found


def of_text(text: str, separator: str) -> Iterator[Record]:
    """Raises NotATable where a quotation mark is not closed, or closes in the middle: rows would be swallowed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise NotATable((line, "unreadable" if "limit" in str(error) else "quotes")) from error
        if cells is None:
            return
        if any("\n" in cell or "\r" in cell for cell in cells):
            raise NotATable((line, "line_break"))
        yield line, cells


def table_of(records: Iterable[Record], columns: Columns, most_rows: int, is_torn_by_commas: bool = False) -> Table:
    found = list(records)
    header = header_in(found, columns)
    filled = [(line, cells) for line, cells in found if line > header.line and any(map(str.strip, cells))]
    if len(filled) > most_rows:  # first: half a million errors would take the whole process's time
        raise NotATable((1, "too_many"))
    table = Table()
    for line, cells in filled:
        if is_torn_by_commas and any(is_torn(cells, at) for at in header.places(columns.amounts)):
            table.errors.append((line, "torn"))
        elif not header.fits(cells):
            table.errors.append((line, "cells"))
        else:
            named = zip(header.names, cells, strict=True)
            table.rows.append(Row(line, {name: tidied(cell) for name, cell in named if name}))
    return table


def header_in(records: Iterable[Record], columns: Columns) -> Header:
    """Raises NotATable."""
    for line, cells in records:
        if line > HEADER_WITHIN:
            break
        header = Header(line, [tidied_heading(cell) for cell in cells], [columns.named(cell) for cell in cells])
        if columns.needed <= set(header.names):
            if header.says_something_twice:
                raise NotATable((line, "column_twice"))
            return header
        if any(PHONE_LIKE.fullmatch(tidied(cell)) for cell in cells):
            break  # rows before any header
    raise NotATable((1, "header"))


def is_torn(cells: list[str], at: int) -> bool:
    """`25,000` without quotation marks, in a file whose commas part its cells: 25 and 000."""
    pair = [cell.strip() for cell in cells[at : at + 2]]
    return len(pair) > 1 and bool(UP_TO_THOUSANDS.fullmatch(pair[0]) and THOUSANDS.fullmatch(pair[1]))


def tidied(cell: str) -> str:
    text = " ".join(cell.split())
    kept = FORMULA_TEXT.fullmatch(text)
    return kept[1].replace('""', '"').strip() if kept else text


def tidied_heading(heading: str) -> str:
    plain = re.sub(r"[_\-.:#*/]+", " ", UNIT.sub(" ", tidied(heading).casefold()))
    return " ".join(plain.split())
