"""A program: reads an XLSX file from stdin, writes the rows of its one sheet to stdout, or the word for what is wrong.

A process of its own, with bounded memory, because such a file of a megabyte may unpack to gigabytes, or hold one cell
in the last corner of a sheet of 17 thousand million: then it is this process that ends, and no other.
"""

import io
import json
import re
import resource
import sys
import zipfile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 10
MOST_LINES, MOST_COLUMNS = 5_000, 100
HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*\bhidden\s*=\s*["'](?:1|true)["']""")


def found_in(data: bytes) -> list[list[str]] | str:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            shown = [each for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
            names = [each.name for each in shown if each.typ is SheetTypeEnum.WorkSheet]
            sheets = [sheet for name in names if (sheet := book.get_sheet_by_name(name)).height]
            if len(sheets) > 1:
                return "sheets"
            if any(sheet.total_height > MOST_LINES or sheet.total_width > MOST_COLUMNS for sheet in sheets):
                return "too_many"
            rows = [[text(cell) for cell in row] for sheet in sheets for row in sheet.to_python(skip_empty_area=False)]
    except CalamineError:
        return "unreadable"
    return "hidden" if hides_rows(data) else rows


def hides_rows(data: bytes) -> bool:
    """By a filter, mostly: what nobody has looked at is not paid."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(HIDDEN_ROW.search(archive.read(name)) for name in archive.namelist() if "/worksheets/" in name)


def text(cell: object) -> str:
    """As a person typed it: a spreadsheet keeps every number as one with a point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    return str(cell)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(found_in(sys.stdin.buffer.read()), sys.stdout)
