"""A database of the first release, with rows in every table and every status, is whole under the program of today."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

from fundraising.statuses import DonationStatus, PayoutStatus
from tests.fakes import b2c_result, callback
from tests.migration.old import Old, values
from tests.migration.release_1 import STUCK
from tests.migration.release_1.donations import receipt_of
from tests.migration.release_1.every import EVERY
from tests.migration.release_1.payouts import receipt_of as receipt_of_payout

ELSEWHERE = {  # what later releases keep in other tables
    "role_proposals",
    "suspense_proposals",
    "switch.frozen_because",
    "switch.frozen_by",
    "switch.frozen_at",
    "switch.unfreeze_asked_by",
    *("payouts.purpose", "payouts.remarks", "payouts.status_message"),  # sealed: tested apart
}
JOINED = ("evidence", "payout_evidence", "callback_tokens", "payout_tokens")
SAID = "token_hash, code, reason, amount_minor, receipt, received_at, verdict"
EVIDENCE_OF_DONATIONS = f"""
SELECT key, source, CASE WHEN donation_id IS NOT NULL THEN 'donation' END, donation_id, NULL, says, {SAID} FROM evidence
"""
SAYS = "CASE WHEN says = 'paid' THEN 'succeeded' ELSE says END"
ABOUT_ATTEMPTS = f"SELECT key, source, 'attempt', attempt_id, person_id, {SAYS}, {SAID} FROM payout_evidence"
ABOUT_NOTHING = f"SELECT key, source, NULL, NULL, person_id, {SAYS}, {SAID} FROM payout_evidence"
ABOUT_CODES = f"""
SELECT key, 'claim', 'donation', (SELECT donation_id FROM claims WHERE code = receipt), NULL, {SAYS}, {SAID}
FROM payout_evidence
"""
EVIDENCE_OF_PAYOUTS = f"""
{ABOUT_ATTEMPTS} WHERE attempt_id IS NOT NULL UNION ALL
{ABOUT_NOTHING} WHERE attempt_id IS NULL AND verdict IN ('hint', 'unmatched') UNION ALL
{ABOUT_CODES} WHERE attempt_id IS NULL AND verdict = 'noted'
"""
EVIDENCE_NOW = f"SELECT key, source, payment_kind, payment_id, person_id, says, {SAID} FROM evidence"
TOKENS = """
SELECT token_hash, 'push', donation_id FROM callback_tokens UNION
SELECT token_hash, CASE WHEN claim_id IS NULL THEN purpose ELSE 'claim' END, coalesce(attempt_id, claim_id)
FROM payout_tokens
"""


def rows_of(query: str) -> Callable[[Connection], list[tuple[Any, ...]]]:
    def read(conn: Connection) -> list[tuple[Any, ...]]:
        found = conn.execute(text(query))
        return sorted((tuple(row) for row in found), key=repr)

    return read


async def test_it_has_rows_in_every_table_and_in_every_status(old: Old) -> None:
    counted = {name: len(next(iter(columns.values()))) for name, columns in old.before.items()}
    assert counted == old.release.rows.counts
    for name, wanted in EVERY.items():
        table, column = name.split(".")
        found = set(old.before[table][column])
        assert found - wanted <= {None}, name
        assert wanted <= found, name


async def test_every_row_and_every_value_is_still_there(old: Old) -> None:
    await old.migrate()
    after = await old.database.read(values)
    for table, columns in old.before.items():
        if table in JOINED:
            continue
        for name, were in columns.items():
            if table in ELSEWHERE or f"{table}.{name}" in ELSEWHERE:
                continue
            if name.endswith("_sealed"):  # sealed anew: that it opens is tested apart
                assert len(after[table][name]) == len(were)
            else:
                assert after[table][name] == were, f"{table}.{name}"


async def test_what_people_said_and_why_nothing_was_sent_is_in_the_tables_of_today(old: Old) -> None:
    await old.migrate()
    after = await old.database.read(values)
    kinds = after["consents"]["kind"]
    assert (kinds.count("role"), kinds.count("suspense")) == tuple(
        len(old.before[table]["created_at"]) for table in ("role_proposals", "suspense_proposals")
    )
    assert {kind: kinds.count(kind) for kind in ("review", "unfreeze")} == {"review": 1, "unfreeze": 1}
    for who in ("proposer_id", "confirmer_id"):
        said = [person for table in ("role_proposals", "suspense_proposals") for person in old.before[table][who]]
        assert set(after["consents"][who]) >= set(said)
    stops = after["stops"]
    assert (stops["by_id"], stops["since"]) == (old.before["switch"]["frozen_by"], old.before["switch"]["frozen_at"])


async def test_all_evidence_and_all_tokens_are_in_one_table_each(old: Old) -> None:
    given = await old.database.read(rows_of(EVIDENCE_OF_DONATIONS))
    paid = await old.database.read(rows_of(EVIDENCE_OF_PAYOUTS))
    made = await old.database.read(rows_of(TOKENS))
    assert given
    assert paid
    assert made
    await old.migrate()
    assert await old.database.read(rows_of(EVIDENCE_NOW)) == sorted([*given, *paid], key=repr)
    assert await old.database.read(rows_of("SELECT token_hash, purpose, about_id FROM tokens")) == made
    first = f"SELECT id FROM evidence ORDER BY id LIMIT {len(given)}"
    assert [number for (number,) in await old.database.read(rows_of(first))] == old.before["evidence"]["id"]


async def test_its_books_hold_and_what_was_stuck_is_settled(old: Old) -> None:
    house, release = await old.migrate(), old.release
    assert await house.use_cases.self_check.problems() == [STUCK]
    assert await house.use_cases.intake.settle_stuck() == (2, 0)
    assert await house.use_cases.self_check.problems() == []
    given = await house.donation(release.gifts["with evidence that is stuck"].id)
    assert (given.status, given.receipt) == (DonationStatus.COMPLETED, receipt_of(given.id))
    paid = await house.use_cases.paying.requests.find(release.orders["stuck"].id)
    assert (paid.status, paid.receipt) == (PayoutStatus.COMPLETED, receipt_of_payout(release.orders["stuck"].attempt))


async def test_the_story_of_every_payment_can_be_told(old: Old) -> None:
    house = await old.migrate()
    for number in range(1, old.release.rows.counts["donations"] + 1):
        assert (await house.use_cases.stories.of_donation(number)).events
    for number in range(1, old.release.rows.counts["payouts"] + 1):
        assert (await house.use_cases.stories.of_payout(number)).events


async def test_what_mpesa_said_before_is_known_when_it_comes_again(old: Old) -> None:
    house, release = await old.migrate(), old.release
    before = await old.database.read(values)
    asked, failed = release.gifts["asked"], release.orders["to be sent again"]
    await house.hear(callback(asked.checkout_id, 1037, 500), token=asked.token)
    result = b2c_result(failed.originator_id, 8, failed.shillings, receipt_of_payout(failed.attempt))
    await house.use_cases.paying.mailbox.payment_result(failed.token, result)
    assert await old.database.read(values) == before
