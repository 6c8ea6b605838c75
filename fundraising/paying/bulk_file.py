"""A file of payments, as people save it: every row becomes an order, or an error with its line."""

import csv
import io
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fundraising.money import Money
from fundraising.paying import orders
from fundraising.paying.orders import Order
from fundraising.people import phones
from fundraising.refusals import BadBulkFile, BadPayout, NotAnAmount, NotAPhoneNumber, PayoutOutOfRange
from mpesa.msisdn import Msisdn

COLUMNS = ("name", "phone", "amount", "purpose", "ngo_id")
NEEDED = COLUMNS[:3]
MOST_ROWS = 1_000
MOST_BYTES = 1_000_000
LONGEST_ID = 19  # digits; the database's numbers end there
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


class BulkError(Exception):
    """What is wrong with one row: a word that letters has a sentence for."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    order: Order


def read(data: bytes, campaign_id: int) -> list[Row]:
    """Raises BadBulkFile with every error of every line. An empty line is no row."""
    text = decode(data)
    lines = table(text)
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    if any(name not in header for name in NEEDED):
        raise BadBulkFile([(1, "header")])
    filled = [(line, cells) for line, cells in enumerate(lines[1:], start=2) if any(cell.strip() for cell in cells)]
    if len(filled) > MOST_ROWS:  # first: half a million errors would take the whole process's time
        raise BadBulkFile([(1, "too_many")])
    rows, errors = [], []
    for number, cells in filled:
        try:
            rows.append(Row(number, order(dict(zip(header, cells, strict=False)), campaign_id)))
        except BulkError as error:
            errors.append((number, str(error)))
    if not rows and not errors:
        errors.append((1, "empty"))
    if errors:
        raise BadBulkFile(errors)
    return rows


def decode(data: bytes) -> str:
    """UTF-8 with or without a byte order mark, or what Excel writes on Windows."""
    if len(data) > MOST_BYTES:
        raise BadBulkFile([(1, "too_large")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:  # two bytes a letter: Excel's "Unicode text", which is no CSV file
        raise BadBulkFile([(1, "unreadable")])
    return text


def table(text: str) -> list[list[str]]:
    """Raises BadBulkFile."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    try:
        return list(rows)
    except csv.Error as error:
        raise BadBulkFile([(rows.line_num, "unreadable")]) from error


def delimiter(text: str) -> str:
    """Excel writes semicolons where a comma separates decimals."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return max((",", ";", "\t"), key=first.count)


def order(cells: dict[str, str], campaign_id: int) -> Order:
    """Raises BulkError."""
    cells = {name: " ".join(cell.split()) for name, cell in cells.items()}
    ngo_id = cells.get("ngo_id", "")
    if ngo_id and not (ngo_id.isdecimal() and len(ngo_id) < LONGEST_ID):
        raise BulkError("ngo_id")
    made = Order(
        campaign_id,
        amount(cells.get("amount", "")),
        phone(cells.get("phone", "")),
        cells.get("name", ""),
        cells.get("purpose", ""),
        ngo_id=int(ngo_id) if ngo_id else None,
    )
    check_shape(made)
    return made


def check_shape(order: Order) -> None:
    """Raises BulkError."""
    try:
        orders.check_shape(order)
    except BadPayout as error:
        raise BulkError("name" if not order.recipient_name else "text") from error
    except NotAnAmount as error:
        raise BulkError("amount") from error
    except PayoutOutOfRange as error:
        raise BulkError("range") from error


def check_shapes(rows: Iterable[Row]) -> None:
    """Of orders that came otherwise than in a file. Raises BadBulkFile with every row that cannot be."""
    errors = []
    for row in rows:
        try:
            check_shape(orders.tidy(row.order))
        except BulkError as error:
            errors.append((row.line, str(error)))
    if errors:
        raise BadBulkFile(errors)


def check_saved(wanted: Iterable[tuple[int, int | None]], saved: Container[int]) -> None:
    """`wanted`: by line, the saved recipient it names. Raises BadBulkFile for those that there are not."""
    errors = [(line, "ngo_id") for line, ngo_id in wanted if ngo_id is not None and ngo_id not in saved]
    if errors:
        raise BadBulkFile(errors)


def phone(text: str) -> Msisdn:
    """Excel drops the leading zero, and turns twelve digits into 2.54708E+11: that is an error, never guessed."""
    if SCIENTIFIC.search(text):
        raise BulkError("scientific")
    try:
        return phones.parse(text.removesuffix(".0"))
    except NotAPhoneNumber as error:
        raise BulkError("phone") from error


def amount(text: str) -> Money:
    plain = re.sub(r"(?i)^(kes|kshs?)\.?\s*", "", text).replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", plain):
        raise BulkError("amount")
    try:
        return Money.of_major(Decimal(plain))
    except (InvalidOperation, ValueError) as error:
        raise BulkError("amount") from error


def twice(rows: list[Row]) -> list[tuple[int, int]]:
    """Lines that pay the same phone: (this line, an earlier one)."""
    first: dict[Msisdn, int] = {}
    found = []
    for row in rows:
        if row.order.phone in first:
            found.append((row.line, first[row.order.phone]))
        first.setdefault(row.order.phone, row.line)
    return found
