"""Why nothing is sent, in words."""

from collections.abc import Iterable, Mapping
from html import unescape

from fundraising.statuses import Stop, StopCause
from letters import states
from letters.language import Language, noted

WHY: Mapping[StopCause, str] = {
    StopCause.INITIATOR: noted("M-Pesa refuses our initiator ({note})"),
    StopCause.BOOKS: noted("the books do not hold: {note}"),
    StopCause.ALTERED: noted(
        "payout {id} is not what was asked for and agreed to: somebody changed it in the database"
    ),
    StopCause.EVIDENCE: noted("something that M-Pesa said about a payout could not be settled: the log says why"),
    StopCause.RESTORED: noted(
        "the database was restored from a backup: compare M-Pesa's statement with /payouts before two owners unfreeze"
    ),
    StopCause.REWOUND: noted(
        "the database is older than the journal beside it: compare M-Pesa's statement with /payouts before two owners "
        "unfreeze"
    ),
}


def because(_: Language, stops: Iterable[Stop]) -> str:
    """To be put into a sentence: plain text, not HTML."""
    return "; ".join(unescape(why(_, stop)) for stop in stops)


def why(_: Language, stop: Stop) -> str:
    if stop.cause is StopCause.PERSON:
        who = _("{name} froze them", name=stop.by_name) if stop.by_name else _("somebody froze them")
        return who + (_(": {reason}", reason=stop.note) if stop.note else "")
    if stop.cause is StopCause.PAYOUT:
        said = unescape(_(states.REVIEWS[stop.note]))
        return _("payout {id}: {why}", id=stop.payout_id or 0, why=said)
    return _(WHY[stop.cause], note=stop.note, id=stop.payout_id or 0)
