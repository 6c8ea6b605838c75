"""What the rules of payouts and roles refuse, told to the treasurer or owner who asked. Plain text."""

from fundraising import refusals
from letters.language import Language, noted
from letters.paying.failures import ANEW, happened
from letters.sentences import Sentences
from letters.stops import because

MOST_FAULTS = 30
UNREADABLE = noted("this cannot be read. Save the file as .xlsx, or as “CSV UTF-8”, and send that.")
FAULTS = {
    "header": noted("a line above the payments must name the columns: name, phone and amount (or jina, simu, kiasi)."),
    "column_twice": noted("two columns have the same heading: leave one, so that it is clear which one is meant."),
    "cells": noted("this line has a cell more or less than the columns have headings. Nothing is guessed."),
    "torn": noted(
        'the comma has torn the amount apart: write 25000 or "25,000" instead of 25,000 (or 25.00, if it is 25).'
    ),
    "quotes": noted("a quotation mark is never closed, or stands in the middle of a cell: correct it, or take it out."),
    "line_break": noted("a cell goes over two lines: write it in one, or close the quotation mark before."),
    "sheets": noted("more than one sheet of the file has something in it: save the one with the payments by itself."),
    "hidden": noted("the sheet hides some of its lines (a filter?): show them, or delete them."),
    "old_workbook": noted("an old or a locked Excel file: save it as .xlsx without a password, or as CSV."),
    "empty": noted("there are no payments in the file."),
    "too_many": noted("a file may hold 1,000 payments at most."),
    "too_large": noted("the file is too large; 1 MB is the most."),
    "unreadable": UNREADABLE,
    "name": noted("the recipient's name is missing."),
    "phone": noted("this is not a Kenyan mobile number."),
    "scientific": noted("the spreadsheet has shortened the number: format the column as text."),
    "amount": noted("the amount must be in whole shillings, like 1500."),
    "range": noted("M-Pesa sends KES 10 to KES 250,000 at a time."),
    "campaign": noted("all payments of one request come from one campaign: ask for this one by itself."),
    "text": noted("the name or the purpose is too long."),
    "ngo_phone": noted("the saved recipient has another number: leave ngo_id empty, or write the saved one."),
    "ngo_id": noted("there is no such saved recipient; /ngos lists them."),
}


def not_allowed(_: Language, refused: refusals.NotAllowed) -> str:
    return _("This takes the role {role}, which you do not have. Nothing was changed.", role=refused.role)


def payout_out_of_range(_: Language, refused: refusals.PayoutOutOfRange) -> str:
    if not refused.already_today.minor:
        return _(
            "M-Pesa sends {least} to {most} at a time, so no payout was made. Which amount instead?",
            least=refused.least,
            most=refused.most,
        )
    return _(
        "M-Pesa sends one person {day} a day at most. Of that we have paid, or promised, this person {today} today, so "
        "no payout was made.",
        day=refused.most_a_day,
        today=refused.already_today,
    )


def insufficient_funds(_: Language, refused: refusals.InsufficientFunds) -> str:
    return _(
        "The campaign does not have that much: {available} is available, {asked} was asked for. No payout was made.",
        available=refused.available,
        asked=refused.asked,
    )


def more_than_available(_: Language, refused: refusals.MoreThanAvailable) -> str:
    if not refused.available.minor > 0:
        return _("The campaign has no money to pay {asked} with. No payout was made.", asked=refused.asked)
    return _(
        "The campaign has {available} available, so {asked} cannot be paid. Please type another amount.",
        available=refused.available,
        asked=refused.asked,
    )


def payouts_blocked(_: Language, refused: refusals.PayoutsBlocked) -> str:
    return _(
        "This campaign paid out {owed} more than it had. It pays nothing until that is cleared.", owed=refused.owed
    )


def looks_duplicate(_: Language, refused: refusals.LooksDuplicate) -> str:
    if refused.rows:
        return rows_alike(_, refused.rows)
    return _(
        "Payout {id}, minutes ago, has the same campaign, phone and amount. No second one was made. "
        "Ask again if it is meant.",
        id=refused.payout_id,
    )


def rows_alike(_: Language, rows: tuple[int, int]) -> str:
    earlier, later = rows
    return _(
        "Rows {earlier} and {later} pay the same amount to the same phone. No payout was made. "
        "Ask again if it is meant.",
        earlier=earlier,
        later=later,
    )


def replaced_since(_: Language, refused: refusals.ReplacedSince) -> str:
    return _(
        "Payout {id}, asked for since, has the same campaign, phone and amount. So this one was not sent again. If "
        "both are meant, ask for a new payout: somebody else then approves it.",
        id=refused.payout_id,
    )


def more_must_agree(_: Language, refused: refusals.MoreMustAgree) -> str:
    return _(
        "So much was asked for within a day that {people} people have to agree to this one now, and fewer did. "
        "Nothing was sent. Ask for a new payout instead.",
        people=refused.people,
    )


def retry_cannot_help(_: Language, refused: refusals.RetryCannotHelp) -> str:
    return f"{happened(_, refused.reason)} {_(ANEW)}"


def looks_saved(_: Language, refused: refusals.LooksSaved) -> str:
    who = {"id": refused.ngo_id, "name": refused.name, "phone": refused.phone}
    return _(
        "⚠️ Saved already: {id}. {name}, {phone}. Nothing was saved. If another is meant, type “/ngos anyway” in place "
        "of “/ngos add”.",
        **who,
    )


def already_decided(_: Language, refused: refusals.AlreadyDecided) -> str:
    return _("This was decided before: {status}, by {by}.", status=refused.status, by=refused.by)


def not_retryable(_: Language, refused: refusals.NotRetryable) -> str:
    return _(
        "This payout is {status}. Only one that has surely failed may be sent again; else it could be paid twice.",
        status=refused.status,
    )


def too_late_to_cancel(_: Language, refused: refusals.TooLateToCancel) -> str:
    return _("It is too late to call this payout back: it is {status}.", status=refused.status)


def payout_altered(_: Language, refused: refusals.PayoutAltered) -> str:
    return _(
        "Payout #{number} was changed in the database, past TrustVoice. Nothing is paid, payouts are frozen, and the "
        "owners are told. Please tell whoever runs the server.",
        number=refused.payout_id,
    )


def sending_frozen(_: Language, refused: refusals.SendingFrozen) -> str:
    return _("Payouts are frozen: {because}. Two owners can unfreeze them.", because=because(_, refused.stops))


def still_in_quarantine(_: Language, refused: refusals.StillInQuarantine) -> str:
    return _(
        "The database was restored, and how {payments} payments from before ended is not known yet. M-Pesa is being "
        "asked; what it does not tell, two people decide: /payouts lists them. Sending stays frozen until then.",
        payments=refused.payments,
    )


def bad_bulk_file(_: Language, refused: refusals.BadBulkFile) -> str:
    """Every fault with its line, as far as one message goes."""
    count = _.plural(
        "One fault in the file, so no payout was made.",
        "{count} faults in the file, so no payout was made.",
        len(refused.errors),
    )
    shown = [fault(_, line, code) for line, code in refused.errors[:MOST_FAULTS]]
    more = len(refused.errors) - len(shown)
    return "\n".join([count, *shown, *([_("… and {more} more.", more=more)] if more else [])])


def fault(_: Language, line: int, code: str) -> str:
    return _("Line {line}: {fault}", line=line, fault=_(FAULTS.get(code, UNREADABLE)))


SENTENCES: Sentences = {
    refusals.NotAllowed: not_allowed,
    refusals.NoSuchPerson: noted("We do not know this person. /admins shows who has which role."),
    refusals.BadName: noted("A name has 1 to 80 characters, and a letter or digit among them. Nothing was changed."),
    refusals.LastOwner: noted("This is the only owner, so the role stays. Name another owner first."),
    refusals.NotYourOwnProposal: noted(
        "Somebody else must confirm this: not the one who asked for it, and not the one it is for."
    ),
    refusals.ProposalGone: noted(
        "This was confirmed already, or nobody confirmed it within a week. /admins shows how it stands."
    ),
    refusals.NoSuchApiKey: noted("We do not know this API key. trustvoice api-key list shows those that there are."),
    refusals.OwnerKeyNeedsOwner: noted(
        "A key with the role owner acts as somebody who is an owner already: say who, with --person."
    ),
    refusals.IdempotencyKeyReused: noted("This Idempotency-Key came with another request before. Nothing was done."),
    refusals.NoSuchPayout: noted("We do not know this payout. /payouts shows those that there are."),
    refusals.NoSuchNgo: noted("We do not know this NGO."),
    refusals.NotTheNgosPhone: noted(
        "The saved recipient has another number than this. Leave one of the two out. No payout was made."
    ),
    refusals.LooksSaved: looks_saved,
    refusals.BadPayout: noted(
        "The recipient's name, the purpose or the remarks are missing or too long. No payout was made."
    ),
    refusals.PayoutOutOfRange: payout_out_of_range,
    refusals.InsufficientFunds: insufficient_funds,
    refusals.MoreThanAvailable: more_than_available,
    refusals.PayoutsBlocked: payouts_blocked,
    refusals.LooksDuplicate: looks_duplicate,
    refusals.OwnRequest: noted("You asked for this payout, so somebody else must approve it."),
    refusals.PayoutChanged: noted(
        "This button is out of date. Nothing was changed. /payouts shows how the payout stands."
    ),
    refusals.PayoutAltered: payout_altered,
    refusals.ButtonOfAnotherBook: noted(
        "This button is from before TrustVoice was restored from a backup, and may mean something else by now. "
        "Nothing was changed. Please open the list again, such as /payouts."
    ),
    refusals.AlreadyDecided: already_decided,
    refusals.ReasonNeeded: noted("Please say why, like: /reject 12 wrong number."),
    refusals.NotRetryable: not_retryable,
    refusals.ReplacedSince: replaced_since,
    refusals.MoreMustAgree: more_must_agree,
    refusals.RetryCannotHelp: retry_cannot_help,
    refusals.TooLateToCancel: too_late_to_cancel,
    refusals.SendingFrozen: sending_frozen,
    refusals.NotFrozen: noted("Payouts are not frozen."),
    refusals.StillInQuarantine: still_in_quarantine,
    refusals.SecondPersonNeeded: noted("It takes two: somebody else must do the second half."),
    refusals.NothingToTrace: noted(
        "Nothing is known by that name. Please write it like: donation 17, payout 3, or an M-Pesa receipt, a "
        "reference or another id of the payment."
    ),
    refusals.NoSuchDay: noted("There is no report for this day: it has not begun, or it lies before M-Pesa."),
    refusals.NoSuchStray: noted("This does not lie in suspense, or not any more. /suspense shows what does."),
    refusals.NothingToReview: noted(
        "This payout does not wait for a decision of two people. /payouts shows how it stands."
    ),
    refusals.BadBulkFile: bad_bulk_file,
    refusals.PayoutDraftGone: noted(
        "That is over, or has expired. This button asks for nothing. /payout and /bulk start anew."
    ),
}
