"""Replicas share M-Pesa's access token: a new one ends the old one, whoever fetched it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from mpesa.codes import Reason
from mpesa.outcome import Failed
from mpesa.token import Granted, Token, TokenSource
from storage.database import Database
from storage.tables import facts
from storage.vault import Vault
from tests.fakes import FakeClock
from trustvoice.running.token_shelf import TokenShelf

VAULT = Vault("only-for-tests-and-nowhere-else-0123456789")


class Daraja:
    """Grants token after token; only the latest is good."""

    def __init__(self) -> None:
        self.granted: list[str] = []

    async def grant(self) -> Granted | Failed:
        self.granted.append(f"token-{len(self.granted) + 1}")
        return Granted(self.granted[-1], 3599)


@pytest.fixture
def daraja() -> Daraja:
    return Daraja()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def replica(database: Database, daraja: Daraja, clock: FakeClock, key: str = "app") -> TokenSource:
    return TokenSource(daraja.grant, clock, TokenShelf(database, VAULT, key))


async def value(source: TokenSource) -> str:
    token = await source.current()
    assert isinstance(token, Token)
    return token.value


async def test_a_second_replica_uses_the_firsts_token(database: Database, daraja: Daraja, clock: FakeClock) -> None:
    first, second = replica(database, daraja, clock), replica(database, daraja, clock)
    assert [await value(first), await value(second), await value(first)] == ["token-1"] * 3
    clock.forward(hours=1)
    assert [await value(second), await value(first)] == ["token-2"] * 2


async def test_who_is_refused_takes_the_new_one_and_fetches_only_where_there_is_none(
    database: Database, daraja: Daraja, clock: FakeClock
) -> None:
    first, second = replica(database, daraja, clock), replica(database, daraja, clock)
    old = await first.current()
    assert isinstance(old, Token)
    await second.renew()
    first.discard(old)
    assert await value(first) == "token-2"
    refused = await first.current()
    assert isinstance(refused, Token)
    first.discard(refused)
    assert await value(first) == "token-3"


async def test_another_app_has_its_own(database: Database, daraja: Daraja, clock: FakeClock) -> None:
    await value(replica(database, daraja, clock))
    assert await value(replica(database, daraja, clock, "other app")) == "token-2"


async def test_without_the_database_each_has_its_own(
    database: Database, daraja: Daraja, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_fn: Callable[[Connection], Any]) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(database, "read", gone)
        patch.setattr(database, "write", gone)
        sources = [replica(database, daraja, clock) for _ in range(2)]
        assert [await value(source) for source in sources] == ["token-1", "token-2"]


async def test_what_lies_there_is_sealed_and_rubbish_is_passed_over(
    database: Database, daraja: Daraja, clock: FakeClock
) -> None:
    await value(replica(database, daraja, clock))
    [row] = await database.read(
        lambda conn: conn.execute(select(facts.c.value).where(facts.c.name.like("mpesa_token:%"))).all()
    )
    assert "token-1" not in row.value
    await database.write(lambda conn: conn.execute(facts.update().values(value="rubbish")).rowcount)
    assert await value(replica(database, daraja, clock)) == "token-2"


async def test_a_refusal_is_not_shared(database: Database, clock: FakeClock) -> None:
    async def refuse() -> Granted | Failed:
        return Failed(Reason.NOT_REACHED, "", "no")

    shelf = TokenShelf(database, VAULT, "app")
    assert isinstance(await TokenSource(refuse, clock, shelf).current(), Failed)
    assert await shelf.look() is None
    await shelf.put(Token("good", clock() + timedelta(hours=1)))
    found = await shelf.look()
    assert found
    assert found.value == "good"
