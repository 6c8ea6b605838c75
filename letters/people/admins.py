"""People with a role, and how they come to it."""

from fundraising.people.changes import Action, Said
from fundraising.people.roles import Person, Role
from fundraising.people.staff import Proposal
from letters.language import Language, noted
from letters.people import buttons
from letters.times import moment

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
        "/admins link &lt;Telegram id&gt; &lt;number&gt;: a second account of that person\n"
        "/admins rename &lt;number&gt; &lt;name&gt;: in what was decided before, too\n"
        "Everybody finds their Telegram id with /id."
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


TOLD = {
    Action.GIVE: noted("👥 {person} is {role} now: {by}."),
    Action.TAKE: noted("👥 {person} is no longer {role}: {by}."),
    Action.LINK: noted("👥 Telegram {chat_id} is {person}, too: {by}."),
}


def told(_: Language, change: Said) -> str:
    """To everybody with a role."""
    role = _(ROLES[change.change.role]) if change.change.role else ""
    if change.due_at and not change.done_at:
        return _(
            "👥 {by} names {person} as second {role}. It takes effect on {when}. If that is not right, stop payouts "
            "with /freeze, and speak with {by}.",
            by=change.by,
            person=change.person,
            role=role,
            when=moment(_, change.due_at),
        )
    chat_id = change.change.chat_id or ""
    return _(TOLD[change.change.action], person=change.person, role=role, by=said_by(_, change), chat_id=chat_id)


def said_by(_: Language, change: Said) -> str:
    by = _("said at the server") if change.by is None else _("{name} said so", name=change.by)
    return by + (_(", and {name} agreed", name=change.confirmer) if change.confirmer else "")


def said(_: Language, texts: dict[Action, str], proposal: Proposal) -> str:
    change, person = proposal.change, proposal.person
    accounts = ", ".join(map(str, person.chat_ids)) or "–"
    role = _(ROLES[change.role]) if change.role else ""
    return _(texts[change.action], name=person.name, accounts=accounts, role=role, chat_id=change.chat_id or "")


def on_button(_: Language, proposal: Proposal) -> str:
    return said(_, CONFIRM, proposal)


def proposed(_: Language, proposal: Proposal) -> str:
    if proposal.due_at:
        return _(
            "Noted: {name} as owner, from {when} on. You are the only owner, so everybody with a role is told, and has "
            "a day to object.",
            name=proposal.person.name,
            when=moment(_, proposal.due_at),
        )
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


def renamed(_: Language, person_id: int, name: str) -> str:
    return _("✅ Person {id} is called {name} now, in what was decided before, too.", id=person_id, name=name)


def stays(_: Language, name: str) -> str:
    """Added to what is told of a role given to somebody who is known."""
    return _("The name stays {name}: /admins rename changes it.", name=name)


def account_taken(_: Language) -> str:
    return _("This Telegram account belongs to somebody already. Nothing was changed.")
