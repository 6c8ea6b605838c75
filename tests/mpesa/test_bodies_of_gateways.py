"""What Java gateways and proxies make of JSON on its way: it reads as M-Pesa wrote it."""

import codecs
import json
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from mpesa.bodies import NotJsonText, TooStrange, decode
from mpesa.callbacks import parse_stk
from mpesa.outcome import Unknown
from mpesa.redaction import without_secrets
from mpesa.results import parse_b2c_result, parse_balance_result, parse_status_result, parse_timeout_notice
from tests.mpesa.daraja import CREDENTIAL
from tests.mpesa.fixtures import body

PARSERS: dict[str, Callable[[bytes], object]] = {
    "callback_paid": parse_stk,
    "callback_cancelled": parse_stk,
    "b2c_paid": parse_b2c_result,
    "b2c_refused": parse_b2c_result,
    "status_completed": parse_status_result,
    "balance_of_four": parse_balance_result,
}
each_message = pytest.mark.parametrize("name", PARSERS)
CHANGES: dict[str, Callable[[str], bytes]] = {
    "a byte order mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "two byte order marks": lambda text: codecs.BOM_UTF8 * 2 + text.encode(),
    "UTF-16 with its mark": lambda text: text.encode("utf-16"),
    "UTF-16, big end first, without": lambda text: text.encode("utf-16-be"),
    "UTF-16, little end first, without": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "padding": lambda text: text.encode() + b"\0\0\0\r\n",
    "commas too many": lambda text: text.replace("}", " , }").encode(),
    "single quotes": lambda text: text.replace('"', "'").encode(),
    "names without quotes": lambda text: text.replace('"Result":', "Result:").replace('"Body":', "Body:").encode(),
    "put into a string": lambda text: json.dumps(text).encode(),
    "a word that is no number": lambda text: (text[: text.rindex("}")] + ', "Took": NaN}').encode(),
    "a line break inside a string": lambda text: (text[: text.rindex("}")] + ', "Note": "a\nb\tc"}').encode(),
    "half a character": lambda text: (text[: text.rindex("}")] + ', "Note": "\\ud83d"}').encode(),
    "a byte of another charset": lambda text: (text[: text.rindex("}")] + ', "Note": "JOS').encode() + b'\xc9"}',
    "every key twice, alike": lambda text: (text[: text.rindex("}")] + "," + text[text.index("{") + 1 :]).encode(),
}


@each_message
@pytest.mark.parametrize("change", CHANGES)
def test_it_reads_as_it_was_written(name: str, change: str) -> None:
    parse, written = PARSERS[name], body(name)
    changed = CHANGES[change](written.decode().strip())
    assert changed != written
    assert parse(changed) == parse(written)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_kept_of_it_reads_the_same_once_more(change: str) -> None:
    changed = CHANGES[change](body("b2c_paid").decode().strip())
    kept = without_secrets(changed)
    assert parse_b2c_result(kept) == parse_b2c_result(body("b2c_paid"))
    assert without_secrets(kept) == kept


def test_a_name_in_the_charset_of_windows_is_read_and_the_rest_stays_as_it_is() -> None:
    mixed = '{"Name": "Ng’ang’a", "Other": "JOS'.encode() + b'\xc9 \x92"}'
    assert decode(mixed) == {"Name": "Ng’ang’a", "Other": "JOSÉ ’"}


def test_a_code_that_comes_twice_with_two_meanings_is_no_code() -> None:
    result = parse_stk(b'{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_1","ResultCode":0,"ResultCode":1032}}}')
    assert (result.checkout_id, result.outcome) == ("ws_CO_1", Unknown("no code"))


def test_items_that_come_as_one_key_again_and_again_are_the_list_that_they_were() -> None:
    """As a converter from XML writes a list."""
    items = '"Item":{"Name":"Amount","Value":5},"Item":{"Name":"MpesaReceiptNumber","Value":"TKM1"}'
    told = f'{{"CheckoutRequestID":"ws_CO_1","ResultCode":0,"CallbackMetadata":{{{items}}}}}'
    outcome = parse_stk(f'{{"Body":{{"stkCallback":{told}}}}}'.encode()).outcome
    assert "amount_minor=500" in repr(outcome)
    assert "TKM1" in repr(outcome)


def test_a_secret_beside_a_key_that_comes_twice_is_not_kept() -> None:
    kept = without_secrets(f'{{"Key":"A","Key":"Password","Value":"{CREDENTIAL}","B":1}}'.encode())
    assert CREDENTIAL.encode() not in kept


@pytest.mark.parametrize(
    "other",
    [b"", b"\0\0", b"hello", b"<html>{}</html>", b"Body=1", b"{", b'{"a": "b', b"{'a': 'b}", b"{a=b}", b"[1", b"{} {}"],
)
def test_what_is_json_by_no_reading_is_none(other: bytes) -> None:
    with pytest.raises(NotJsonText):
        decode(other)


@pytest.mark.parametrize("strange", [b"[" * 30_000 + b"]" * 30_000, b'{"a":' + b"7" * 5_000 + b"}"])
def test_json_of_no_use_is_json(strange: bytes) -> None:
    with pytest.raises(TooStrange):
        decode(strange)


@pytest.mark.parametrize(
    "costly",
    [
        b"{" + b'"a":1,' * 10_000 + b"}",
        b"{" + b"".join(b'"a":%d,' % n for n in range(7_000)) + b"}",
        b"{" + b"".join(b'"%d":1,"%d":2,' % (n, n) for n in range(3_500)) + b"}",
        b"[" + b", " * 30_000,
        b"{" + b"'" * 60_000,
        b'{"' + b"\\" * 60_000,
        b"{" + b"," + b" " * 60_000,
    ],
)
def test_nothing_keeps_the_reader_busy(costly: bytes) -> None:
    started = time.process_time()
    with suppress(NotJsonText):
        decode(costly)
    assert time.process_time() - started < 0.5


def test_a_notice_of_a_timeout_is_read_alike() -> None:
    notice = parse_timeout_notice(body("b2c_refused"))
    assert notice.originator_id
    assert parse_timeout_notice(codecs.BOM_UTF8 + body("b2c_refused")) == notice
