"""What Prometheus reads: what was counted, and how the house stands at this moment."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from fundraising.audit.gauges import Gauges, Taken
from trustvoice.watching.health import Health
from trustvoice.watching.meters import Meters

K = TypeVar("K", bound=tuple[str, ...])  # a label's values
log = logging.getLogger(__name__)


class MetricsPage:
    def __init__(
        self, meters: Meters, gauges: Gauges, health: Mapping[str, Health], spooled: Callable[[], int] = lambda: 0
    ):
        self._meters, self._vitals, self._health, self._spooled = meters, gauges, health, spooled

    async def render(self) -> bytes:
        """While the database is away, what was counted is told all the same."""
        standing = CollectorRegistry()
        standing.register(Families(own_families(self._health, self._spooled())))
        try:
            standing.register(Families(families_of(await self._vitals.take())))
        except Exception:
            log.exception("the numbers of the database are missing from the metrics")
        return generate_latest(self._meters.registry) + generate_latest(standing)


class Families(Collector):
    def __init__(self, families: Iterable[Metric]):
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def own_families(health: Mapping[str, Health], spooled: int) -> Iterator[Metric]:
    yield CounterMetricFamily("trustvoice_callbacks_spooled", "Kept aside: no database", value=spooled)
    well = {(part,): int(each.is_well) for part, each in health.items()}
    yield family("trustvoice_part_up", "1: the latest call to it worked", ["part"], well)


def families_of(taken: Taken) -> Iterator[GaugeMetricFamily]:
    """Money in minor units (KES: cents), which a floating-point number holds exactly up to 90 trillion shillings."""
    jobs = {(each.lane, each.kind): each for each in taken.jobs}
    yield family("trustvoice_jobs_waiting", "Jobs scheduled, due or running", JOB, each_of(jobs, "waiting"))
    yield family(
        "trustvoice_jobs_given_up", "Jobs that failed too often: people must look", JOB, each_of(jobs, "given_up")
    )
    overdue = {key: each.overdue.total_seconds() for key, each in jobs.items()}
    yield family("trustvoice_jobs_overdue_seconds", "How late the oldest job is", JOB, overdue)
    ages = {(age,): count for age, count in taken.donations.items()}
    yield family("trustvoice_donations_undecided", "Donations that M-Pesa has not decided", ["age"], ages)
    yield family("trustvoice_payouts_undecided", "Payouts with M-Pesa", ["state", "age"], taken.payouts)
    held = {(each.account, each.currency): each for each in taken.held}
    yield family("trustvoice_balance_minor_units", "Balances by kind of account", HELD, each_of(held, "balance_minor"))
    yield family("trustvoice_promised_minor_units", "Promised to payouts", HELD, each_of(held, "promised_minor"))
    floats = {(each.shortcode, each.account): each for each in taken.floats}
    yield family("trustvoice_float_minor_units", "What M-Pesa holds for us", FLOAT, each_of(floats, "minor"))
    told = {key: each.told_at.timestamp() for key, each in floats.items()}
    yield family("trustvoice_float_told_timestamp_seconds", "When M-Pesa told it", FLOAT, told)
    yield one("trustvoice_sending_frozen", "1: no payout is sent", int(taken.frozen))
    checks = {(name,): each for name, each in taken.self_checks.items()}
    yield family("trustvoice_self_check_problems", "Found by the latest", ["check"], each_of(checks, "problems"))
    made = {key: each.at.timestamp() for key, each in checks.items()}
    yield family("trustvoice_self_check_timestamp_seconds", "When it was made", ["check"], made)
    if taken.difference_minor is not None:
        yield one("trustvoice_difference_minor_units", "M-Pesa held more than we knew of", taken.difference_minor)


JOB, HELD, FLOAT = ["lane", "kind"], ["account", "currency"], ["shortcode", "account"]


def each_of(rows: Mapping[K, object], field: str) -> dict[K, float]:
    return {key: getattr(row, field) for key, row in rows.items()}


def one(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, value=value)


def family(name: str, documentation: str, labels: list[str], values: Mapping[K, float]) -> GaugeMetricFamily:
    found = GaugeMetricFamily(name, documentation, labels=labels)
    for key, value in values.items():
        found.add_metric(key, value)
    return found
