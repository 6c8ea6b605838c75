"""One HTTP call to Daraja: sent once, bounded in time and size, logged, never repeated, never redirected."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from mpesa.bodies import Fields, NotJsonText, TooStrange, decode, fields_of, text_of
from mpesa.codes import Heard, Verdict, look_up
from mpesa.masking import mask_checkout_id, remark

LARGEST_REPLY = 1024 * 1024
TIMEOUTS = httpx.Timeout(10.0, connect=5.0, write=5.0, pool=5.0)

log = logging.getLogger("mpesa")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; no fields when the body is empty, too long or no JSON object."""

    status: int
    fields: Fields = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def error_code(self) -> str:
        """Daraja's own, or of the gateway in front of it."""
        detail = fields_of(self._fault.get("detail"))
        return text_of(self.fields.get("errorCode")) or text_of(detail.get("errorcode"))

    @property
    def error_message(self) -> str:
        message = self.fields.get("errorMessage") or self._fault.get("faultstring")
        return message if isinstance(message, str) else ""

    @property
    def _fault(self) -> Fields:
        return fields_of(self.fields.get("fault"))


@dataclass(frozen=True, slots=True)
class NotSent:
    """No connection: M-Pesa cannot have seen the request."""

    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """M-Pesa may have seen the request; its answer did not arrive."""

    why: str


Reply = Answer | NotSent | Lost


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    json: Mapping[str, str | int] | None = field(default=None, repr=False)
    params: Mapping[str, str] | None = None


Observe = Callable[[str, Reply, float], None]  # the call's name, what came of it, and the seconds that it took


def nobody_observes(_name: str, _reply: Reply, _seconds: float) -> None:
    return


class Wire:
    def __init__(self, http: httpx.AsyncClient, base_url: str, observe: Observe = nobody_observes):
        self._http, self._base_url, self._observe = http, base_url.rstrip("/"), observe

    async def send(self, call: Call, deadline: float) -> Reply:
        """`deadline` is the event loop's time at which waiting ends; from then on nothing is sent either."""
        started = time.perf_counter()
        reply = await self._exchange(call, deadline)
        seconds = time.perf_counter() - started
        self._observe(call.name, reply, seconds)
        write_log(call, reply, round(seconds * 1000))
        return reply

    async def _exchange(self, call: Call, deadline: float) -> Reply:
        if asyncio.get_running_loop().time() >= deadline:  # the process stood still
            return NotSent("too late")
        headers = {**call.headers, "Accept": "application/json", "Accept-Encoding": "identity"}
        request = self._http.build_request(
            call.method, self._base_url + call.path,
            headers=headers, json=call.json, params=call.params, timeout=TIMEOUTS,
        )  # fmt: skip
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._http.send(request, stream=True, follow_redirects=False)
                try:
                    return read_answer(response.status_code, await read_body(response))
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return NotSent(type(error).__name__)
        except (httpx.HTTPError, OSError) as error:
            return Lost(type(error).__name__)


async def read_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_REPLY:
            return b""
    return bytes(body)


def read_answer(status: int, body: bytes) -> Answer:
    try:
        return Answer(status, fields_of(decode(body)), body)
    except (NotJsonText, TooStrange):
        return Answer(status)


def write_log(call: Call, reply: Reply, duration_ms: int) -> None:
    facts: dict[str, str | int] = {"mpesa_call": call.name, "duration_ms": duration_ms}
    match reply:
        case Answer(status, fields):
            facts |= {"http_status": status, "mpesa_code": code_of(reply)}
            if checkout_id := text_of(fields.get("CheckoutRequestID")):
                facts["checkout_id"] = mask_checkout_id(checkout_id)
            if conversation_id := text_of(fields.get("ConversationID")):
                facts["conversation_id"] = conversation_id
            if reply.error_message:
                facts["mpesa_message"] = remark(reply.error_message)
        case NotSent(why):
            facts["not_sent"] = why
        case Lost(why):
            facts["lost"] = why
    good = isinstance(reply, Answer) and (reply.status < 300 or still_processing(reply))
    text = " ".join(f"{key}={value}" for key, value in facts.items())
    log.log(logging.INFO if good else logging.WARNING, "M-Pesa %s", text, extra=facts)


def still_processing(answer: Answer) -> bool:
    """An answer to a question that came too soon: nothing is wrong, though its HTTP status is 500."""
    meaning = look_up(answer.error_code, Heard.ANSWER, answer.error_message)
    return meaning is not None and meaning.verdict is Verdict.PROCESSING


def code_of(answer: Answer) -> str:
    codes = (text_of(answer.fields.get(key)) for key in ("errorCode", "ResultCode", "ResponseCode"))
    return next(filter(None, codes), "")
