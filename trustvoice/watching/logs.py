"""Logs: one pipeline for structlog and the standard library, with phone numbers and tokens masked as a last resort."""

import json
import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from storage.private import keep_private

FILE_BYTES = 10_000_000
OLD_FILES = 5
# httpx prints Telegram's URLs, which contain the bot's token; aiohttp's access log prints callback URLs with theirs.
QUIET = ("httpx", "httpcore", "aiohttp.access")
OURS = {"timestamp", "level", "logger"}

PRIVATE = re.compile(
    r"""
      (?P<checkout>ws_CO_\w{9})\w+                                   # ends in the payer's number
    | (?<!\d)\d{4,16}(?::|%3A)[\w-]{30,}                             # a bot's token
    | [0-9a-fA-F]{64,}                                               # a callback's token, a passkey
    | (?P<scheme>[Bb]earer\s+)[^\s"',]+
    | (?P<basic>[Bb]asic\s+)[\w+/-]{16,}=*
    | (?:(?<!\d)|(?<=%[0-9A-F]{2}))(?P<prefix>\+?254[ -]?|0)[17](?:[ -]?\d){5}(?P<last>(?:[ -]?\d){3})(?!\d)
    """,
    re.VERBOSE,
)
# Also what a terminal obeys or a viewer reads as a line's end or a change of direction.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
ONE_WORD = re.compile(r"[\w.:/+-]+")
CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def redact(text: str) -> str:
    """A phone number keeps its prefix and last three digits, a CheckoutRequestID its date, a token nothing."""
    return PRIVATE.sub(_mask, text)


def configure(log_format: Literal["console", "json"], log_file: Path | None = None) -> None:
    """To stderr, and to `log_file` as well. One process a file: two would rename it under each other.

    Raises OSError.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = _OneLine(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            *shared,
            structlog.stdlib.ExtraAdder(),
            _without_marks,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _name_mpesa,
            _clean,
            _as_json if log_format == "json" else _as_text,
        ],
    )
    _install(formatter, log_file)


def _install(formatter: logging.Formatter, log_file: Path | None) -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler.formatter, _OneLine)]:
        root.removeHandler(handler)
        handler.close()
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if log_file:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        keep_private([log_file])
        handlers.append(
            RotatingFileHandler(
                log_file, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", errors="backslashreplace"
            )
        )
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _OneLine(structlog.stdlib.ProcessorFormatter):
    """Formats a record once, though the stream, the file and the question whether to rotate all ask for it."""

    def format(self, record: logging.LogRecord) -> str:
        line = record.__dict__.get("_line")
        if line is None:
            line = record.__dict__["_line"] = super().format(_with_fitting_arguments(record))
        return str(line)


def _with_fitting_arguments(record: logging.LogRecord) -> logging.LogRecord:
    """Else logging itself prints the arguments to stderr, unmasked."""
    try:
        record.getMessage()
    except (TypeError, ValueError, KeyError):
        record.msg, record.args = f"{record.msg} (its arguments do not fit)", None
    return record


def _without_marks(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Another handler's formatter leaves these on the record, where they look like extras."""
    return {key: value for key, value in event.items() if key not in {"message", "asctime"}}


def _name_mpesa(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """So that `grep "M-Pesa"` follows everything that passes between M-Pesa and us."""
    message = str(event["event"])
    if "mpesa" in str(event.get("logger")).split(".") and "M-Pesa" not in message:
        event["event"] = f"M-Pesa: {message}"
    return event


def _clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: value if key in OURS else _cleaned(value, key) for key, value in event.items()}


def _cleaned(value: object, key: str = "") -> object:
    """A copy without private digits and control characters; the lines of a traceback stay lines."""
    if isinstance(value, str):
        control = CONTROL_BUT_LINES if key in {"exception", "stack_info"} else CONTROL
        return control.sub(_escape, redact(value))
    if isinstance(value, dict):
        return {str(_cleaned(str(name))): _cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner) for inner in value]
    text = _cleaned(str(value))
    return value if isinstance(value, bool | int | float | None) and text == str(value) else text


def _mask(match: re.Match[str]) -> str:
    if match["prefix"]:
        return f"{match['prefix']}…{match['last']}"
    return f"{match['checkout'] or match['scheme'] or match['basic'] or ''}…"


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=False)


def _is_one_word(value: object) -> bool:
    return isinstance(value, str) and ONE_WORD.fullmatch(value) is not None


def _as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    """Lines below the first are indented, so that no message can pass for a line of its own.

    What a message says already is not said again.
    """
    head = " ".join(str(event.pop(key, "-")) for key in ("timestamp", "level", "logger"))
    message, below = event.pop("event"), [str(event.pop(key)) for key in ("stack_info", "exception") if key in event]
    unsaid = [(key, value) for key, value in event.items() if f" {key}={value} " not in f" {message} "]
    pairs = "".join(f" {key}={value if _is_one_word(value) else repr(value)}" for key, value in unsaid)
    return "\n".join([f"{head}: {message}{pairs}", *below]).replace("\n", "\n    ")
