"""Saved recipients."""

from fundraising.people.ngos import Ngo
from letters.language import Language


def listed(_: Language, found: list[Ngo]) -> str:
    lines = [_("{id}. {name}: {phone}", id=each.id, name=each.name, phone=each.phone.local) for each in found]
    told = lines or [_("None yet.")]
    return "\n".join([_("<b>Saved recipients</b>"), *told, "", usage(_)])


def usage(_: Language) -> str:
    return _("/ngos add 0712345678 &lt;name&gt; saves one.")


def added(_: Language, ngo: Ngo) -> str:
    return _("✅ Saved: {name}, {phone}.", name=ngo.name, phone=ngo.phone.local)
