"""XLSX files as spreadsheets write them, and as nobody should."""

import io
import zipfile
from collections.abc import Sequence
from html import escape

Cell = str | float | None
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: Sequence[Sequence[Cell]], first_line: int = 1, hidden: frozenset[int] = frozenset()) -> str:
    """`hidden`: lines that a filter hides."""
    lines = [
        f'<row r="{line}"{" hidden=" + chr(34) + "1" + chr(34) if line in hidden else ""}>'
        + "".join(cell(f"{chr(65 + at)}{line}", value) for at, value in enumerate(row) if value is not None)
        + "</row>"
        for line, row in enumerate(rows, start=first_line)
    ]
    return "".join(lines)


def cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def workbook(*sheets: str, states: Sequence[str] = ()) -> bytes:
    """Of sheets as `sheet` makes them; `states`: "hidden" or "visible" for each."""
    names, relations, parts = "", "", {}
    for number, rows in enumerate(sheets, start=1):
        state = states[number - 1] if states else "visible"
        names += f'<sheet name="Sheet{number}" sheetId="{number}" state="{state}" r:id="r{number}"/>'
        relations += f'<Relationship Id="r{number}" Type="{RELATION}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    parts |= {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{RELATION}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()
