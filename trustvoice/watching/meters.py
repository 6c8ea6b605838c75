"""What is counted as it happens. Each program has a registry of its own; labels are bound once, not at each count."""

from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)

from mpesa.wire import Answer, Lost, NotSent, Reply, still_processing
from webhooks.app import KINDS

CALLBACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
CALL_SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10)
CALLBACK_KINDS = tuple(KINDS.values())
CALLBACK_OUTCOMES = ("taken", "refused", "not_stored")
TELEGRAM_RESULTS = {200: "ok", 429: "too_many", None: "no_answer"}


class Meters:
    def __init__(self, low_float_minor: int = 0) -> None:
        self.registry = CollectorRegistry()
        PlatformCollector(self.registry)
        ProcessCollector(registry=self.registry)
        GCCollector(self.registry)
        Info("trustvoice_build", "The running program", registry=self.registry).info({"version": version("trustvoice")})
        mark = Gauge("trustvoice_low_float_minor_units", "Below it LOW_FLOAT warns; 0 never", registry=self.registry)
        mark.set(low_float_minor)
        callbacks = Counter(
            "trustvoice_callbacks", "Callbacks of M-Pesa, by what became of them", ["kind", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        seconds = Histogram(
            "trustvoice_callback_seconds", "From a callback's arrival to its answer", ["kind"],
            buckets=CALLBACK_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._callbacks = {(k, o): callbacks.labels(k, o) for k in CALLBACK_KINDS for o in CALLBACK_OUTCOMES}
        self._callback_seconds = {kind: seconds.labels(kind) for kind in CALLBACK_KINDS}
        self._mpesa = Counter(
            "trustvoice_mpesa_calls", "Our calls to M-Pesa, by what came of them", ["operation", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        self._mpesa_seconds = Histogram(
            "trustvoice_mpesa_call_seconds", "How long M-Pesa took to answer", ["operation"],
            buckets=CALL_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._telegram = Counter(
            "trustvoice_telegram_calls", "Our calls to Telegram, by what came of them", ["method", "result"],
            registry=self.registry,
        )  # fmt: skip

    def callback(self, kind: str, outcome: str, seconds: float) -> None:
        self._callbacks[kind, outcome].inc()
        self._callback_seconds[kind].observe(seconds)

    def mpesa_call(self, operation: str, reply: Reply, seconds: float) -> None:
        self._mpesa.labels(operation, outcome_of(reply)).inc()
        self._mpesa_seconds.labels(operation).observe(seconds)

    def telegram_call(self, method: str, status: int | None, _seconds: float) -> None:
        self._telegram.labels(method, TELEGRAM_RESULTS.get(status, str(status))).inc()


def outcome_of(reply: Reply) -> str:
    """Of the call itself: what it was about may still fail. What may have happened at M-Pesa is unknown."""
    match reply:
        case NotSent():
            return "failed"
        case Lost():
            return "unknown"
        case Answer(status) if status < 300:
            return "succeeded"
        case Answer(status) if still_processing(reply) or (status >= 500 and not reply.error_code):
            return "unknown"
    return "failed"
