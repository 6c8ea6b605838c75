"""Saved recipients."""

from fundraising.people.ngos import Ngo
from letters.language import Language


def listed(_: Language, found: list[Ngo], sees_people: bool) -> str:
    shown = [each if sees_people else each.for_viewers() for each in found]
    numbers = [each.phone.local if sees_people else str(each.phone) for each in found]
    lines = [
        _("{id}. {name}: {phone}", id=each.id, name=each.name, phone=number)
        for each, number in zip(shown, numbers, strict=True)
    ]
    told = lines or [_("None yet.")]
    return "\n".join([_("<b>Saved recipients</b>"), *told, "", usage(_)])


def usage(_: Language) -> str:
    return _("/ngos add 0712345678 &lt;name&gt; saves one; “anyway” in place of “add”, where its like is saved.")


def saved_by(_: Language, ngo: Ngo, by: str | None) -> str:
    """To everybody who approves payouts. `by`: None at the server."""
    who = {"id": ngo.id, "name": ngo.name, "phone": ngo.phone.local}
    if by is None:
        return _("📇 At the server, a recipient was saved: {id}. {name}, {phone}. It can be chosen for payouts.", **who)
    return _("📇 {by} saved a recipient: {id}. {name}, {phone}. It can be chosen for payouts.", by=by, **who)


def added(_: Language, ngo: Ngo) -> str:
    return _("✅ Saved: {name}, {phone}.", name=ngo.name, phone=ngo.phone.local)
