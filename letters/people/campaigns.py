"""Campaigns, as owners open and close them."""

from collections.abc import Sequence

from fundraising.campaigns import Campaign
from letters.language import Language


def listed(_: Language, found: list[Campaign]) -> str:
    lines = [
        _("{id}. {title}: {state}", id=each.id, title=each.title, state=_("open") if each.is_open else _("closed"))
        for each in found
    ]
    return "\n".join([_("<b>Campaigns</b>"), *lines, "", usage(_)])


def usage(_: Language) -> str:
    return _("/campaign add 50000 &lt;title&gt; opens one with that goal in KES.")


def added(_: Language, campaign: Campaign, namesakes: Sequence[Campaign] = ()) -> str:
    """`namesakes`: open ones that read the same."""
    told = _(
        "✅ Campaign {id} is open: <b>{title}</b>, goal {goal}.",
        id=campaign.id,
        title=campaign.title,
        goal=campaign.goal,
    )
    if not namesakes:
        return told
    others = ", ".join(str(each.id) for each in namesakes)
    warning = _(
        "⚠️ Open with the same title: {others}. Donors cannot tell them apart: /campaign closes one.", others=others
    )
    return f"{told}\n{warning}"


def closed(_: Language, campaign: Campaign) -> str:
    return _("<b>{title}</b> takes no new gifts. What still arrives is credited to it.", title=campaign.title)
