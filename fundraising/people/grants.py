"""Who may act as whom: roles, Telegram accounts and API keys, each under a keyed MAC, so that none is written by hand.

A person with one row that nobody gave has no role at all, until that row is gone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from storage.api_tables import api_keys
from storage.columns import microseconds
from storage.payout_tables import accounts, roles
from storage.vault import Vault

r, a, k = roles.c, accounts.c, api_keys.c


def role_mac(vault: Vault, person_id: int, role: str, since: datetime) -> bytes:
    return vault.mac("role", person_id, role, microseconds(since))


def account_mac(vault: Vault, chat_id: int, person_id: int) -> bytes:
    return vault.mac("account", chat_id, person_id)


def key_mac(vault: Vault, key: Any) -> bytes:
    """Of a row, but for when it was used last."""
    until = (microseconds(key.expires_at), microseconds(key.revoked_at))
    return vault.mac("api key", key.id, key.key_hash.hex(), key.role, key.person_id, *until)


def given_by_nobody(conn: Connection, vault: Vault, person_id: int | None = None) -> Iterator[str]:
    """What is wrong with the grants of this person, or of all: a sentence each."""

    def of(column: ColumnElement[int]) -> ColumnElement[bool]:
        return column == person_id if person_id is not None else true()

    for row in conn.execute(select(roles).where(of(r.person_id)).order_by(r.person_id)):
        if row.mac != role_mac(vault, row.person_id, row.role, row.since):
            yield f"person {row.person_id} has the role {row.role}, which nobody gave"
    for row in conn.execute(select(accounts).where(of(a.person_id)).order_by(a.chat_id)):
        if row.mac != account_mac(vault, row.chat_id, row.person_id):
            yield f"the Telegram account {row.chat_id} of person {row.person_id} was linked by nobody"
    for row in conn.execute(select(api_keys).where(of(k.person_id)).order_by(k.id)):
        if row.mac != key_mac(vault, row):
            yield f"API key {row.id} of person {row.person_id} is not as it was made"


def are_genuine(conn: Connection, vault: Vault, person_id: int) -> bool:
    return next(given_by_nobody(conn, vault, person_id), None) is None
