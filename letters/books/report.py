"""What the open campaigns raised, promised and paid."""

from collections.abc import Sequence
from html import escape

from fundraising.ledger.balances import Standing
from letters.language import Language


def report(_: Language, standings: Sequence[Standing]) -> str:
    if not standings:
        return _("No campaign is open.")
    return "\n\n".join([_("<b>Open campaigns</b>"), *(of_campaign(_, standing) for standing in standings)])


def of_campaign(_: Language, standing: Standing) -> str:
    balance = standing.balance
    sums = _(
        "raised {raised}\npaid {paid}\npromised {promised}\navailable {available}",
        raised=balance.raised,
        paid=balance.paid,
        promised=balance.reserved,
        available=balance.available,
    )
    return f"<b>{escape(standing.campaign.title, quote=False)}</b> (#{standing.campaign.id})\n{sums}"
