"""People with a role, and how they come to it."""

from fundraising.people.roles import Person, Role
from fundraising.people.staff import Proposal
from letters.language import Language, noted

ROLES = {
    Role.VIEWER: noted("viewer"),
    Role.MAKER: noted("maker"),
    Role.CHECKER: noted("checker"),
    Role.OWNER: noted("owner"),
}


def people(_: Language, found: list[Person], waiting: list[Proposal]) -> str:
    lines = [person(_, each) for each in found]
    proposed = [_("Proposed: {name} as {role}", name=each.person.name, role=_(ROLES[each.role])) for each in waiting]
    return "\n".join([_("<b>People with a role</b>"), *lines, *proposed, "", usage(_)])


def person(_: Language, each: Person) -> str:
    roles = ", ".join(_(ROLES[role]) for role in Role if role in each.roles)
    accounts = ", ".join(map(str, each.chat_ids))
    return _("{id}. {name}: {roles} (Telegram {accounts})", id=each.id, name=each.name, roles=roles, accounts=accounts)


def usage(_: Language) -> str:
    return _(
        "/admins add &lt;Telegram id&gt; &lt;viewer, maker, checker or owner&gt; &lt;name&gt;\n"
        "/admins link &lt;Telegram id&gt; &lt;number&gt;: a second account of that person"
    )


def added(_: Language, name: str, role: Role) -> str:
    return _("✅ {name} is {role} now. They see their commands after /start.", name=name, role=_(ROLES[role]))


def proposed(_: Language, proposal: Proposal) -> str:
    return _(
        "Noted: {name} as {role}. Another owner must confirm it.",
        name=proposal.person.name,
        role=_(ROLES[proposal.role]),
    )


def please_confirm(_: Language, proposal: Proposal) -> str:
    return _(
        "Another owner proposes {name} (Telegram {accounts}) as {role}. Do you agree?",
        name=proposal.person.name,
        accounts=", ".join(map(str, proposal.person.chat_ids)),
        role=_(ROLES[proposal.role]),
    )


def removed(_: Language, name: str, role: Role) -> str:
    return _("{name} is no longer {role}.", name=name, role=_(ROLES[role]))


def linked(_: Language) -> str:
    return _("✅ Linked: both accounts are the same person, and one pair of eyes.")


def account_taken(_: Language) -> str:
    return _("This Telegram account belongs to somebody already. Nothing was changed.")
