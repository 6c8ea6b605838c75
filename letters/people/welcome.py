"""What somebody with a role reads at `/start` and `/id`."""

from collections.abc import Mapping
from enum import StrEnum

from fundraising.people.roles import Person, Role
from letters.language import Language, noted
from letters.people.admins import ROLES


class Waiting(StrEnum):
    TO_APPROVE = "to_approve"
    IN_REVIEW = "in_review"
    TO_RETRY = "to_retry"
    IN_SUSPENSE = "in_suspense"
    ROLES = "roles"


WAITING = {
    Waiting.TO_APPROVE: noted("• payouts to approve or reject: {count} (/approve)"),
    Waiting.IN_REVIEW: noted("• payouts that need people: {count} (/resolve)"),
    Waiting.TO_RETRY: noted("• payouts that failed and can be sent again: {count} (/retry)"),
    Waiting.IN_SUSPENSE: noted("• payments that fit nothing: {count} (/suspense)"),
    Waiting.ROLES: noted("• people to confirm: {count} (/admins)"),
}
FIRST = {
    Role.OWNER: noted("/admins names people, /report shows the books, /payouts what goes out."),
    Role.CHECKER: noted("/approve shows what waits for your yes or no, /payouts all of them; /freeze stops all."),
    Role.MAKER: noted("/payout asks for a payout, and somebody else approves it; /payouts shows how they stand."),
    Role.VIEWER: noted("/payouts shows what goes out, /report the books."),
}


def welcome(_: Language, person: Person, organisation: str, waiting: Mapping[Waiting, int]) -> str:
    """`organisation`: whose bot this is."""
    held = [role for role in (Role.OWNER, Role.CHECKER, Role.MAKER, Role.VIEWER) if role in person.roles]
    hello = _(
        "<b>Karibu, {name}!</b> At {organisation} you are {roles}.",
        name=person.name,
        organisation=organisation,
        roles=", ".join(_(ROLES[role]) for role in held),
    )
    waits = [_("Waiting for you:"), *(_(WAITING[kind], count=count) for kind, count in waiting.items())]
    to_do = waits if waiting else [_("Nothing waits for you.")]
    first = [_(FIRST[role]) for role in held]
    return "\n".join([hello, "", *to_do, "", *first, _("/help lists everything; /donate gives like everybody else.")])


def telegram_number(_: Language, chat_id: int, person: Person | None) -> str:
    number = _("Your number in Telegram is <code>{number}</code>.", number=str(chat_id))
    if person and person.roles:
        roles = ", ".join(_(ROLES[role]) for role in Role if role in person.roles)
        return f"{number} {_('Here you are {name}: {roles}.', name=person.name, roles=roles)}"
    return f"{number} {_('Whoever is to give you a role here needs it.')}"
