"""What takes two people: the newest word of each counts, while the role is held, until it expires."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from fundraising.people import consent
from fundraising.people.consent import Kind, Matter, Word
from fundraising.people.roles import Role
from fundraising.refusals import NotAllowed, SecondPersonNeeded
from storage.consent_tables import consents
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, SECOND_CHECKER, Treasury

MATTER = Matter(Kind.REVIEW, "7")


async def say(treasury: Treasury, answer: str, by: int, matter: Matter = MATTER) -> Word | None:
    return await treasury.house.database.write(
        lambda conn: consent.say(conn, matter, answer, by, treasury.house.clock())
    )


async def standing(treasury: Treasury, matter: Matter = MATTER) -> list[tuple[int | None, str]]:
    words = await treasury.house.database.read(lambda conn: consent.standing(conn, matter, treasury.house.clock()))
    return [(word.by, word.answer) for word in words]


async def test_a_second_person_who_says_the_same_decides_and_nothing_stands_any_more(treasury: Treasury) -> None:
    assert await say(treasury, "paid", CHECKER) is None
    assert await say(treasury, "failed", OWNER) is None
    agreed = await say(treasury, "paid", SECOND_CHECKER)
    assert agreed
    assert agreed.by == CHECKER
    assert await standing(treasury) == []


async def test_the_newest_word_of_a_person_counts_and_no_older_one(treasury: Treasury) -> None:
    await say(treasury, "failed", CHECKER)
    await say(treasury, "paid", CHECKER)
    assert await standing(treasury) == [(CHECKER, "paid")]
    assert await say(treasury, "failed", SECOND_CHECKER) is None
    assert await say(treasury, "paid", OWNER)


async def test_the_same_word_of_the_same_person_is_one(treasury: Treasury) -> None:
    await say(treasury, "paid", CHECKER)
    with pytest.raises(SecondPersonNeeded):
        await say(treasury, "paid", CHECKER)


async def test_a_word_expires(treasury: Treasury) -> None:
    await say(treasury, "paid", CHECKER)
    treasury.house.clock.forward(days=7)
    assert await standing(treasury) == []
    assert await say(treasury, "paid", SECOND_CHECKER) is None


async def test_what_was_said_of_an_earlier_version_counts_no_more(treasury: Treasury) -> None:
    await say(treasury, "paid", CHECKER)
    assert await say(treasury, "paid", SECOND_CHECKER, Matter(Kind.REVIEW, "7", version=1)) is None


async def test_who_lost_the_role_has_no_say_not_even_with_the_role_given_again(treasury: Treasury) -> None:
    await say(treasury, "paid", CHECKER)
    await treasury.takes(CHECKER, Role.CHECKER)
    assert await standing(treasury) == []
    again = await treasury.house.use_cases.staff.add(1002, "Person 2", Role.CHECKER, by=OWNER)
    assert again
    await treasury.house.use_cases.staff.confirm(again.id, by=OTHER_OWNER)
    assert await standing(treasury) == []
    assert await say(treasury, "paid", SECOND_CHECKER) is None


async def test_only_who_may_decide_is_heard(treasury: Treasury) -> None:
    for kind, by in ((Kind.REVIEW, MAKER), (Kind.UNFREEZE, CHECKER)):
        with pytest.raises(NotAllowed):
            await say(treasury, "paid", by, Matter(kind, "7"))


async def test_the_database_refuses_one_person_as_two_and_a_second_decision(treasury: Treasury) -> None:
    database, now = treasury.house.database, treasury.house.clock()
    await say(treasury, "paid", CHECKER)
    alone = update(consents).values(confirmer_id=CHECKER, confirmed_at=now)
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: conn.execute(alone).rowcount)
    await say(treasury, "paid", OWNER)
    row = {"kind": "review", "subject": "7", "version": 0, "answer": "failed", "created_at": now}
    row |= {"expires_at": now + timedelta(days=1), "confirmed_at": now, "proposer_id": CHECKER, "confirmer_id": OWNER}
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: conn.execute(insert(consents).values(**row)).rowcount)
