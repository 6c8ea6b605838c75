"""What the rules refuse. Bot, HTTP and command line each turn Refused into an answer in one place.

The sentences for people are in letters, one for each class; a refusal carries only what the sentence needs.
"""

from datetime import timedelta

from fundraising.money import Money
from fundraising.statuses import Stop


class Refused(Exception):
    """Something was asked that the rules do not allow. Nothing has happened."""


class ShortOfSpace(Refused):
    """The server's disk is nearly full: what is under way is finished, nothing new is begun."""


class NotAPhoneNumber(Refused):
    """Not a Kenyan mobile number."""


class SeveralPhoneNumbers(NotAPhoneNumber):
    """Which of them is meant?"""


class NotAnEmailAddress(Refused):
    """Not one plain e-mail address."""


class NoMail(Refused):
    """This house sends no e-mail."""


class NotAnAmount(Refused):
    """Not whole shillings."""


class NoCents(NotAnAmount):
    """M-Pesa takes whole shillings only."""


class AmbiguousAmount(NotAnAmount):
    """What was typed may mean several amounts."""

    def __init__(self, readings: list[Money]):
        super().__init__(" or ".join(map(str, readings)))
        self.readings = readings


class AmountOutOfRange(Refused):
    def __init__(self, least: Money, most: Money):
        super().__init__(f"{least} to {most}")
        self.least, self.most = least, most


class NoSuchCampaign(Refused):
    pass


class CampaignClosed(Refused):
    def __init__(self, title: str):
        super().__init__(title)
        self.title = title


class NoSuchDonor(Refused):
    pass


class NoSuchDonation(Refused):
    pass


class DraftGone(Refused):
    """A button of a donation that was finished, cancelled, replaced, or lay too long."""


class PayoutDraftGone(DraftGone):
    """A button of a payout or bulk file that was asked for, cancelled, replaced, or lay too long."""


class PhoneBusy(Refused):
    """The phone was asked a moment ago: M-Pesa allows one prompt at a time."""

    def __init__(self, wait: timedelta):
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class PhoneRests(Refused):
    """Requests to this phone were cancelled or not answered, one after another: the next one has to wait longer."""

    def __init__(self, wait: timedelta):
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class PhoneRefused(Refused):
    """Whose phone it is does not want to be asked, ever."""


class TooManyPrompts(Refused):
    """So many prompts to one phone, by one person or by one key look like a prank."""

    def __init__(self, wait: timedelta):
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class TooEarlyToTryAgain(Refused):
    def __init__(self, wait: timedelta):
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class NothingToTryAgain(Refused):
    """The donation is not failed (any more)."""


class BadCampaign(Refused):
    """A title, goal or currency that cannot be."""


class NotJson(Refused):
    """Not a callback: M-Pesa sends JSON."""


class NotAllowed(Refused):
    """The person has not the role (any more)."""

    def __init__(self, role: str):
        super().__init__(role)
        self.role = role


class NoSuchPerson(Refused):
    pass


class BadName(Refused):
    """A person's name that cannot be."""


class LastOwner(Refused):
    """Without an owner nobody could name people or unfreeze."""


class NotYourOwnProposal(Refused):
    """It takes another person than the one who asked, and than the one it is for."""


class ProposalGone(Refused):
    """Not known, confirmed already, or too old."""


class NoSuchApiKey(Refused):
    pass


class OwnerKeyNeedsOwner(Refused):
    """A key cannot make an owner: it can only act as one who is."""


class IdempotencyKeyReused(Refused):
    """The same Idempotency-Key came with another request before."""


class NoSuchPayout(Refused):
    pass


class NoSuchNgo(Refused):
    pass


class LooksSaved(Refused):
    """The number is saved under another name, or the name with another number. Ask again, saying that it is meant."""

    def __init__(self, ngo_id: int, name: str, phone: str):
        super().__init__(str(ngo_id))
        self.ngo_id, self.name, self.phone = ngo_id, name, phone


class BadPayout(Refused):
    """A name, purpose or remark that cannot be."""


class PayoutOutOfRange(Refused):
    """Daraja's limits: a transaction, and a day to one recipient."""

    def __init__(self, least: Money, most: Money, most_a_day: Money, already_today: Money):
        super().__init__(f"{least} to {most}, {most_a_day} a day, {already_today} today")
        self.least, self.most, self.most_a_day, self.already_today = least, most, most_a_day, already_today


class InsufficientFunds(Refused):
    def __init__(self, available: Money, asked: Money):
        super().__init__(f"{available} available, {asked} asked")
        self.available, self.asked = available, asked


class MoreThanAvailable(InsufficientFunds):
    """Before it is confirmed: another amount can be typed."""


class PayoutsBlocked(Refused):
    """More went out of this campaign than it had: its receivable has to be cleared first."""

    def __init__(self, owed: Money):
        super().__init__(str(owed))
        self.owed = owed


class LooksDuplicate(Refused):
    """The same campaign, phone and amount within ten minutes, or in two rows (then there is no payout yet).

    Ask again, saying that it is meant.
    """

    def __init__(self, payout_id: int = 0, rows: tuple[int, int] | None = None):
        super().__init__(f"payout {payout_id}" if payout_id else f"rows {rows}")
        self.payout_id, self.rows = payout_id, rows


class NotTheNgosPhone(Refused):
    """A saved recipient is named, with another phone than its own."""


class ReplacedSince(LooksDuplicate):
    """The like of a failed payout was asked for since: the failed one is not sent again on its old approval."""


class OwnRequest(Refused):
    """Another person than the requester must approve."""


class ButtonOfAnotherBook(Refused):
    """It was sent before the database was restored: its number may belong to something else by now."""


class PayoutChanged(Refused):
    """The button belongs to an older version of the payout, or was not made by us."""


class PayoutAltered(Refused):
    """What was asked for, or agreed to, was changed in the database, past the program."""

    def __init__(self, payout_id: int):
        super().__init__(str(payout_id))
        self.payout_id = payout_id


class AlreadyDecided(Refused):
    def __init__(self, status: str, by: str):
        super().__init__(f"{status} by {by}")
        self.status, self.by = status, by


class ReasonNeeded(Refused):
    """A rejection says why."""


class NotRetryable(Refused):
    """Only a payout that definitely failed is sent again."""

    def __init__(self, status: str):
        super().__init__(status)
        self.status = status


class RetryCannotHelp(NotRetryable):
    """It failed for a reason that stays: the same again would fail again."""

    def __init__(self, status: str, reason: str):
        super().__init__(status)
        self.reason = reason


class MoreMustAgree(Refused):
    """So much was asked for since, that more people have to agree than did: that takes a new request."""

    def __init__(self, people: int):
        super().__init__(str(people))
        self.people = people


class TooLateToCancel(NotRetryable):
    """The payout was decided, or is with M-Pesa."""


class SendingFrozen(Refused):
    def __init__(self, stops: tuple[Stop, ...]):
        super().__init__(", ".join(f"{stop.cause} {stop.note}".strip() for stop in stops))
        self.stops = stops


class NotFrozen(Refused):
    pass


class StillInQuarantine(Refused):
    """After a restore: payments whose end is not known yet."""

    def __init__(self, payments: int):
        super().__init__(str(payments))
        self.payments = payments


class NoSuchDay(Refused):
    """It has not begun, or lies before M-Pesa."""


class NoSuchStray(Refused):
    """Not money in suspense, or two people have decided on it."""


class SecondPersonNeeded(Refused):
    """The same person cannot do both halves."""


class NothingToTrace(Refused):
    """No donation and no payout has this number or name."""


class NothingToReview(Refused):
    """The payout does not wait for a decision of two people."""


class BadBulkFile(Refused):
    """Errors by line; nothing was requested."""

    def __init__(self, errors: list[tuple[int, str]]):
        super().__init__(f"{len(errors)} errors")
        self.errors = errors
