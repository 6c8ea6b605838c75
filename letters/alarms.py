"""What the owners must know. No phone numbers, no names: an id to look up."""

from collections.abc import Sequence

from fundraising.giving.donation import Donation
from fundraising.giving.undecided import Undecided
from fundraising.ledger import causes
from fundraising.news import Alarm
from letters import states
from letters.language import Language, noted

ALARMS = {
    Alarm.SUSPENSE: noted(
        "⚠️ Donation {id}: money arrived that does not fit it (another amount, or a second payment). It lies in "
        "suspense and belongs to no campaign until a treasurer decides."
    ),
    Alarm.CORRECTED: noted(
        "⚠️ Donation {id}: M-Pesa's receipt names another amount than the one credited. The books were corrected; "
        "please compare with M-Pesa's statement."
    ),
    Alarm.STUCK: noted(
        "⚠️ Evidence {id} from M-Pesa could not be settled. It is kept, nothing is lost, but a developer must look: "
        "the log names the fault."
    ),
    Alarm.TWICE: noted(
        "⚠️ Donation {id}: M-Pesa named a receipt for it that is in the books for another donation. It was not booked "
        "again. Please compare both with M-Pesa's statement."
    ),
    Alarm.CONFIGURATION: noted(
        "⚠️ Donation {id} failed because of how we are set up with M-Pesa. The next ones will fail too: run "
        "`trustvoice doctor`."
    ),
    Alarm.NO_WORD: noted(
        "⚠️ Donation {id}: M-Pesa never said how it ended. The donor was asked for the M-Pesa code. Please look for "
        "it in M-Pesa's statement."
    ),
    Alarm.CLAIM: noted(
        "ℹ️ Donation {id}: the donor sent an M-Pesa code. Please check it in M-Pesa's statement; no money was booked "
        "for it."
    ),
    Alarm.UNKNOWN_CODE: noted(
        "ℹ️ Code {id}: a donor sent the M-Pesa code <code>{code}</code>, which fits none of the donor's gifts. Please "
        "look for it in M-Pesa's statement: it may be a gift that is in no book."
    ),
    Alarm.FORMATTING: noted(
        "⚠️ Telegram refused how our message to chat {id} was formatted, so it was sent as plain text. A developer must "
        "look: the log names the fault."
    ),
    Alarm.SPACE: noted(
        "⚠️ Only {id} MB are free on the server's disk, so new gifts and payouts are refused. What M-Pesa tells is "
        "still taken. Please make room."
    ),
    Alarm.BOOKS: noted(
        "⚠️ Payouts are frozen because the books do not hold. Problems found: {id}. `trustvoice verify` at the server "
        "names them. Please keep the database as it is until they are understood."
    ),
}


DECIDE = noted("Decide on {amount}")


def arrived_alarm(_: Language, donation: Donation, title: str, strays: Sequence[Undecided]) -> str:
    """To everybody who may decide about money that fits nothing."""
    head = _(
        "⚠️ Money arrived that does not fit gift #{id} of {amount} for <b>{title}</b>. It lies in suspense, and two "
        "people decide where it belongs:",
        id=donation.id,
        amount=donation.amount,
        title=title,
    )
    lines = [
        _(
            "<b>{amount}</b>, M-Pesa code <code>{code}</code>: {why}",
            amount=each.amount,
            code=causes.label(each.cause),
            why=_(states.REVIEWS.get(each.reason, each.reason)),
        )
        for each in strays
    ]
    return "\n".join([head, *lines])


def alarm(_: Language, kind: Alarm, subject_id: int, code: str = "") -> str:
    """`code`: from M-Pesa's message, where the alarm is about one."""
    return _(ALARMS[kind], id=subject_id, code=code)
