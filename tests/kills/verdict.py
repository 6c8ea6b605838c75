"""After the last life: do the books hold, do they agree with M-Pesa, and does everybody know?"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from fundraising.ledger import accounts, posting
from fundraising.statuses import Review
from storage.payout_tables import attempts, payouts
from storage.tables import donations, jobs
from tests.kills.child import Life
from tests.kills.outside import Memory
from tests.kills.stories import DRAFT, OPENING, PAYOUT_DRAFT
from tests.kills.story import Story

FILE = "verdict"


@dataclass(frozen=True)
class Verdict:
    passed: list[str]  # points of the last life
    end: str
    told: list[tuple[int, str]]
    sent: int
    problems: list[str]

    def save(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, folder: Path) -> "Verdict":
        said = json.loads((folder / FILE).read_text())
        return cls(**said | {"told": [(chat, text) for chat, text in said["told"]]})


async def verdict_of(life: Life, story: Story, passed: list[str]) -> Verdict:
    memory = life.outside.memory
    sent = memory.all("push") + memory.all("payment")
    problems = await life.house.self_check.problems()
    end = await life.database.read(end_of)
    problems += await life.database.read(lambda conn: list(wrong(conn, memory, story.pays and not doubted(end))))
    told = [(message["chat"], message["text"]) for message in memory.all("message")]
    return Verdict(passed, end, told, len(sent), problems)


def wrong(conn: Connection, memory: Memory, moved: bool) -> Iterator[str]:
    pushes, payments = memory.all("push"), memory.all("payment")
    if len(pushes) + len(payments) > 1:
        yield f"{len(pushes)} pushes and {len(payments)} payments for one tap"
    came, went = (sum(each["shillings"] for each in all) if moved else 0 for all in (pushes, payments))
    held = posting.balance(conn, accounts.campaign(1)).whole_shillings
    if held != OPENING + came - went:
        yield f"the campaign holds {held}, M-Pesa took {came} and paid {went}"
    if conn.scalar(select(func.count()).select_from(donations).where(donations.c.draft_id == DRAFT)) not in (0, 1):
        yield "one tap made two donations"
    if conn.scalar(select(func.count()).select_from(payouts)) not in (0, 1):
        yield "one tap made two payouts"
    known = set(conn.scalars(select(attempts.c.originator_id)))
    if not {payment["originator"] for payment in payments} <= known:
        yield "M-Pesa was sent a payment that the database does not know"
    for kind, payload in conn.execute(select(jobs.c.kind, jobs.c.payload)):
        yield f"{kind} {payload} was given up"


def doubted(end: str) -> bool:
    """People will say whether M-Pesa moved it; until then the books do not."""
    return end.endswith(Review.NO_WORD)


def end_of(conn: Connection) -> str:
    d, p = donations.c, payouts.c
    given = conn.execute(select(d.status, d.needs_review).where(d.draft_id == DRAFT)).one_or_none()
    paid = conn.execute(select(p.status, p.needs_review).where(p.draft_id == PAYOUT_DRAFT)).one_or_none()
    row = given or paid
    return " ".join(filter(None, row)) if row else "nothing"
