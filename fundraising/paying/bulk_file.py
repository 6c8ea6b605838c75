"""A file of payments, as people save it: every row becomes an order, or an error with its line."""

import re
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fundraising import spreadsheets
from fundraising.money import Money
from fundraising.paying import orders
from fundraising.paying.orders import Order
from fundraising.people import phones
from fundraising.people.ngos import Ngo
from fundraising.refusals import BadBulkFile, BadPayout, NotAnAmount, NotAPhoneNumber, PayoutOutOfRange
from fundraising.spreadsheets import Columns, NotATable
from mpesa.msisdn import Msisdn

WORDS = {
    "name": """name, full name, names, recipient, recipient name, payee, payee name, beneficiary, beneficiary name,
        jina, jina kamili, majina, mpokeaji, jina la mpokeaji""",
    "phone": """phone, phone number, phone no, mobile, mobile phone, mobile number, mobile no, telephone,
        telephone number, tel, msisdn, m pesa, mpesa, m pesa number, mpesa number, recipient phone, simu, namba ya simu,
        nambari ya simu, nambari""",
    "amount": "amount, sum, amount to pay, amount in, kiasi, kiasi cha pesa, pesa, fedha",
    "purpose": "purpose, reason, description, details, narration, occasion, sababu, madhumuni, maelezo, kusudi",
    "ngo_id": "ngo id, ngo",
}
COLUMNS = Columns(
    {name: frozenset(" ".join(word.split()) for word in words.split(",")) for name, words in WORDS.items()},
    needed=frozenset({"name", "phone", "amount"}),
    amounts=frozenset({"amount"}),
)
MOST_ROWS = 1_000
LONGEST_ID = 19  # digits; the database's numbers end there
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


class BulkError(Exception):
    """What is wrong with one row: a word that letters has a sentence for."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    order: Order


def read(data: bytes, campaign_id: int) -> list[Row]:
    """CSV or XLSX. Raises BadBulkFile with every error of every line. An empty line is no row."""
    try:
        table = spreadsheets.read(data, COLUMNS, MOST_ROWS)
    except NotATable as error:
        raise BadBulkFile(error.errors) from error
    rows, errors = [], table.errors
    for found in table.rows:
        try:
            rows.append(Row(found.line, order(found.cells, campaign_id)))
        except BulkError as error:
            errors.append((found.line, str(error)))
    if not rows and not errors:
        errors.append((1, "empty"))
    if errors:
        raise BadBulkFile(sorted(errors))
    return rows


def order(cells: Mapping[str, str], campaign_id: int) -> Order:
    """Raises BulkError."""
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


def check_recipients(rows: Iterable[Row], saved: Mapping[int, Ngo]) -> None:
    """Raises BadBulkFile for saved recipients that there are not, or that have another phone."""
    named = [(row, row.order.ngo_id) for row in rows if row.order.ngo_id is not None]
    check_saved([(row.line, ngo_id) for row, ngo_id in named], saved)
    errors = [(row.line, "ngo_phone") for row, ngo_id in named if saved[ngo_id].phone != row.order.phone]
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
    return repeated(rows, lambda order: order.phone)


def alike(rows: list[Row]) -> list[tuple[int, int]]:
    """Lines that pay the same amount to the same phone."""
    return repeated(rows, lambda order: (order.phone, order.amount))


def repeated(rows: list[Row], what: Callable[[Order], Hashable]) -> list[tuple[int, int]]:
    first: dict[Hashable, int] = {}
    found = []
    for row in rows:
        known = what(row.order)
        if known in first:
            found.append((row.line, first[known]))
        first.setdefault(known, row.line)
    return found
