"""People with a role, and how they come to it."""

from fundraising.people.roles import Person, Role
from fundraising.people.staff import Action, Proposal
from letters.language import Language, noted
from letters.people import buttons

ROLES = {
    Role.VIEWER: noted("viewer"),
    Role.MAKER: noted("maker"),
    Role.CHECKER: noted("checker"),
    Role.OWNER: noted("owner"),
}


def people(_: Language, found: list[Person], waiting: list[Proposal]) -> str:
    lines = [person(_, each) for each in found]
    proposed = [said(_, PROPOSED, each) for each in waiting]
    return "\n".join([_("<b>People with a role</b>"), *lines, *proposed, "", usage(_)])


def person(_: Language, each: Person) -> str:
    roles = ", ".join(_(ROLES[role]) for role in Role if role in each.roles)
    accounts = ", ".join(map(str, each.chat_ids)) or "–"  # who came by an API key may have none
    return _("{id}. {name}: {roles} (Telegram {accounts})", id=each.id, name=each.name, roles=roles, accounts=accounts)


def usage(_: Language) -> str:
    return _(
        "/admins add &lt;Telegram id&gt; &lt;viewer, maker, checker or owner&gt; &lt;name&gt;\n"
        "/admins link &lt;Telegram id&gt; &lt;number&gt;: a second account of that person"
    )


def added(_: Language, name: str, role: Role) -> str:
    return _("✅ {name} is {role} now. They see their commands after /start.", name=name, role=_(ROLES[role]))


PROPOSED = {
    Action.GIVE: noted("Proposed: {name} as {role}"),
    Action.TAKE: noted("Proposed: {name} no longer {role}"),
    Action.LINK: noted("Proposed: Telegram {chat_id} for {name}"),
}
NOTED = {
    Action.GIVE: noted("Noted: {name} as {role}. Another owner must confirm it."),
    Action.TAKE: noted("Noted: {name} no longer {role}. Another owner must confirm it."),
    Action.LINK: noted("Noted: Telegram {chat_id} for {name}. Another owner must confirm it."),
}
ASKED = {
    Action.GIVE: noted("Another owner proposes {name} (Telegram {accounts}) as {role}. Do you agree?"),
    Action.TAKE: noted("Another owner proposes {name} (Telegram {accounts}) no longer as {role}. Do you agree?"),
    Action.LINK: noted("Another owner proposes Telegram {chat_id} for {name} (Telegram {accounts}). Do you agree?"),
}
CONFIRM = {
    Action.GIVE: buttons.CONFIRM_ROLE,
    Action.TAKE: buttons.CONFIRM_REMOVAL,
    Action.LINK: buttons.CONFIRM_LINK,
}


def said(_: Language, texts: dict[Action, str], proposal: Proposal) -> str:
    change, person = proposal.change, proposal.person
    accounts = ", ".join(map(str, person.chat_ids)) or "–"
    role = _(ROLES[change.role]) if change.role else ""
    return _(texts[change.action], name=person.name, accounts=accounts, role=role, chat_id=change.chat_id or "")


def on_button(_: Language, proposal: Proposal) -> str:
    return said(_, CONFIRM, proposal)


def proposed(_: Language, proposal: Proposal) -> str:
    return said(_, NOTED, proposal)


def please_confirm(_: Language, proposal: Proposal) -> str:
    return said(_, ASKED, proposal)


def done(_: Language, proposal: Proposal) -> str:
    change = proposal.change
    if change.role is None:
        return linked(_)
    told = removed if change.action is Action.TAKE else added
    return told(_, proposal.person.name, change.role)


def removed(_: Language, name: str, role: Role) -> str:
    return _("{name} is no longer {role}.", name=name, role=_(ROLES[role]))


def linked(_: Language) -> str:
    return _("✅ Linked: both accounts are the same person, and one pair of eyes.")


def account_taken(_: Language) -> str:
    return _("This Telegram account belongs to somebody already. Nothing was changed.")
