"""Money that arrived and fits nothing, and what two people may decide about it."""

from collections.abc import Mapping

from fundraising.giving.undecided import Undecided
from fundraising.ledger import causes
from letters import states
from letters.language import Language, noted
from letters.times import moment

BELONGS_TO = noted("To: {title}")
ANOTHER_CAMPAIGN = noted("To another campaign")
SENT_BACK = noted("It was sent back")
WHICH_CAMPAIGN = noted("Which campaign does it belong to?")
UNKNOWN_WHY = noted("it fits nothing")


def listed(_: Language, found: list[Undecided]) -> str:
    if not found:
        return _("Nothing lies in suspense.")
    return "\n".join([_("<b>In suspense</b>"), *(entry(_, each) for each in found)])


def entry(_: Language, stray: Undecided) -> str:
    return _(
        "{key}: {amount}, gift #{donation}, {moment}",
        key=stray.key,
        amount=stray.amount,
        donation=stray.donation_id,
        moment=moment(_, stray.since),
    )


def card(_: Language, stray: Undecided, titles: Mapping[int, str], names: Mapping[int, str]) -> str:
    """`titles`: of campaigns; `names`: of people; both by id."""
    reason = _(states.REVIEWS.get(stray.reason, UNKNOWN_WHY))
    about = _(
        "<b>{amount}</b> for gift #{donation} ({title}): {why}.\nM-Pesa code or cause: <code>{cause}</code>, {moment}",
        amount=stray.amount,
        donation=stray.donation_id,
        title=titles[stray.campaign_id],
        why=reason,
        cause=causes.label(stray.cause),
        moment=moment(_, stray.since),
    )
    said = [said_by(_, names.get(each.proposer_id, "?"), titles.get(each.campaign_id or 0)) for each in stray.proposals]
    how = _(
        "Two people who say the same decide, and the donor is told. Money that was sent back must be sent back on "
        "Safaricom's portal first: nothing is sent from here."
    )
    return "\n\n".join([about, *said, how])


def said_by(_: Language, name: str, title: str | None) -> str:
    if title is None:
        return _("{name} says: it was sent back.", name=name)
    return _("{name} says: it belongs to {title}.", name=name, title=title)


def noted_first(_: Language, key: str) -> str:
    return _("Noted for {key}. The others who may decide are asked: one of them must say the same.", key=key)


def decided(_: Language, key: str) -> str:
    return _("Two people agree, so {key} is decided and booked.", key=key)
