"""The alert rules name only metrics and commands that there are, and say what to do."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from prometheus_client import generate_latest

from fundraising.audit.gauges import Taken
from trustvoice.cli.main import app
from trustvoice.watching.meters import Meters
from trustvoice.watching.metrics_page import families_of, own_families

RULES = Path(__file__).parents[2] / "deploy" / "alerts.yml"
OF_PROMETHEUS = {"up"}
FUNCTIONS = {"increase", "rate", "sum", "max", "by", "on", "group_left", "histogram_quantile", "absent", "time", "or"}


def rules() -> list[dict[str, Any]]:
    yaml: Any = import_module("yaml")  # it comes without types
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def documented() -> set[str]:
    """All that /metrics can show."""
    counted = generate_latest(Meters().registry).decode()
    nothing = Taken([], {}, {}, [], [], frozen=False, self_checks={}, difference_minor=0)
    read = [*families_of(nothing), *own_families({}, 0)]
    names = {f"{each.name}_total" if each.type == "counter" else each.name for each in read}
    for name, kind in re.findall(r"^# TYPE (\S+) (\w+)", counted, re.M):
        names |= {f"{name}_bucket"} if kind == "histogram" else {name}
    return names


def names_in(expression: str) -> set[str]:
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|group_left) \([^)]*\)", "", expression)
    return set(re.findall(r"[a-z_]{2,}", bare)) - FUNCTIONS


def test_every_metric_that_a_rule_names_exists() -> None:
    named = {name for rule in rules() for name in names_in(rule["expr"])}
    assert len(named) > 10
    assert named - OF_PROMETHEUS <= documented()


def test_every_label_that_a_rule_asks_for_exists() -> None:
    asked = {label for rule in rules() for label in re.findall(r"(\w+)=~?\"", rule["expr"])}
    assert asked <= {"outcome", "part", "job", "state", "age", "account", "operation", "result", "check"}


def test_every_rule_says_what_it_means_and_what_to_do() -> None:
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "meaning", "action"}, rule["alert"]
        assert rule["labels"]["severity"] in ("warning", "critical")


def test_every_command_that_a_rule_names_exists() -> None:
    known = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    known |= {group.name or "" for group in app.registered_groups}
    text = RULES.read_text()
    named = set(re.findall(r"`trustvoice (\w[\w-]*)", text))
    assert named
    assert named <= known | {"run"}


def test_what_must_wake_somebody_has_a_rule() -> None:
    alerts = {rule["alert"] for rule in rules()}
    assert alerts >= {
        "CallbacksNotStored", "JobsGivenUp", "JobsLate", "PayoutUnknown", "SendingFrozen", "DiffersFromMpesa",
        "MoneyInSuspense", "PartDown", "BooksDoNotHold", "FloatLow",
    }  # fmt: skip
