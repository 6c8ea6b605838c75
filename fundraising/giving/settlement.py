"""What evidence means for donations: they are locked, it is weighed as one set, and its effects are stored."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from fundraising.evidence import record, tokens
from fundraising.evidence.record import Evidence, Payment, Source, Weighed
from fundraising.evidence.tokens import Purpose
from fundraising.giving import claim_answers
from fundraising.giving.effects import Effects
from fundraising.giving.naming import name_donations
from fundraising.news import Alarm, TellOwners
from storage import jobs
from storage.vault import Vault


class Settlement:
    sources = frozenset({Source.CALLBACK, Source.PUSH, Source.QUERY, Source.CLAIM})
    at_once = 500

    def __init__(self, vault: Vault, now: Callable[[], datetime], negative_gap: timedelta, shortcodes: tuple[str, ...]):
        self._vault, self._now, self._negative_gap, self._shortcodes = vault, now, negative_gap, shortcodes

    def settle(self, conn: Connection, items: Sequence[Evidence]) -> list[Weighed]:
        read = [self._read(conn, item) for item in items]
        named = name_donations(conn, self._vault, read)
        effects = Effects()
        for item in record.without_known(conn, read):
            effects.weigh(item, named, self._negative_gap)
        effects.store(conn, self._vault, self._now())
        return effects.weighed

    def prove(self, conn: Connection, item: Evidence) -> Payment | None:
        if item.payment or not item.token_hash:
            return item.payment
        if item.source is Source.CLAIM:
            return claim_answers.payment_of(conn, item)
        donation_id = tokens.made_for(conn, [item.token_hash], Purpose.PUSH).get(item.token_hash)
        return record.donation(donation_id) if donation_id else None

    def set_aside(self, conn: Connection, evidence_id: int) -> None:
        jobs.add(conn, [TellOwners(Alarm.STUCK, evidence_id)], self._now())

    def _read(self, conn: Connection, item: Evidence) -> Evidence:
        if item.source is not Source.CLAIM:
            return item
        return claim_answers.read(conn, self._vault, self._shortcodes, self._now(), item)
