"""The commands of people with a role, for their menu and their help."""

from fundraising.people.roles import Person, Role
from letters.language import Language, noted

COMMANDS = {
    "payout": (Role.MAKER, noted("Ask for a payout")),
    "bulk": (Role.MAKER, noted("Ask for many payouts with a file")),
    "payouts": (Role.VIEWER, noted("Payouts and their history")),
    "approve": (Role.CHECKER, noted("Approve a payout")),
    "reject": (Role.CHECKER, noted("Reject a payout, with a reason")),
    "retry": (Role.MAKER, noted("Send a failed payout again")),
    "cancel_payout": (Role.MAKER, noted("Call a payout back")),
    "resolve": (Role.CHECKER, noted("Decide what M-Pesa never told")),
    "balance": (Role.VIEWER, noted("What our M-Pesa accounts hold")),
    "report": (Role.VIEWER, noted("Campaigns and the books; /report 2026-11-20 of a day")),
    "trace": (Role.VIEWER, noted("What happened to one payment")),
    "suspense": (Role.VIEWER, noted("Money that arrived and fits nothing")),
    "ngos": (Role.VIEWER, noted("Saved recipients")),
    "freeze": (Role.CHECKER, noted("Stop all payouts")),
    "unfreeze": (Role.OWNER, noted("Let payouts go on; it takes two owners")),
    "campaign": (Role.OWNER, noted("Open and close campaigns")),
    "admins": (Role.OWNER, noted("People with a role")),
}


def of_person(_: Language, person: Person) -> dict[str, str]:
    return {name: _(text) for name, (role, text) in COMMANDS.items() if person.may(role)}


def explained(_: Language, person: Person) -> str:
    """What is added to everybody's help."""
    commands = (f"/{name} – {text}" for name, text in of_person(_, person).items())
    return "\n\n" + "\n".join([_("<b>With your role</b>"), *commands])
