"""What the HTTP API answers instead of a result. Those who read it have no buttons and no chat."""

from collections.abc import Mapping
from html import unescape
from typing import Any

from fundraising import refusals
from fundraising.refusals import Refused
from letters import refusals as told_in_chat
from letters.language import Language, noted
from letters.paying import refusals as of_payouts
from letters.sentences import Sentences, written
from letters.times import in_words

OF_THE_REQUEST = {
    "unauthenticated": noted("This needs a valid API key: Authorization: Bearer <key>."),
    "not_found": noted("There is nothing at this address."),
    "method_not_allowed": noted("This address does not take this method; Allow names those that it takes."),
    "not_acceptable": noted("This address answers in JSON only: Accept: application/json."),
    "malformed": noted("The body is not the JSON object that is expected here."),
    "too_large": noted("The body is too large."),
    "unsupported_media_type": noted("The body must be JSON: Content-Type: application/json."),
    "unsupported_encoding": noted("The body must come as it is, without a Content-Encoding."),
    "invalid_fields": noted("Some of it cannot be used; errors says what. Nothing was done."),
    "bad_idempotency_key": noted("An Idempotency-Key has 1 to 255 characters."),
    "still_running": noted(
        "The first request with this Idempotency-Key is still at work. Ask again with the same key."
    ),
    "internal_error": noted("Something went wrong on our side. It has been logged."),
    "unavailable": noted("Nothing can be stored just now. Ask again later, with the same Idempotency-Key."),
}
OF_A_FIELD = {
    "missing": noted("It is needed."),
    "extra_forbidden": noted("There is no such field here: leave it out, or correct its name."),
    "named_twice": noted("Name it once: which of the two is meant cannot be guessed."),
    "amount": noted("Give a number above zero with at most two decimals and no exponent, like 1000 or 99.50."),
    "day": noted("Give a day like 2026-11-20."),
    "phone_number": noted("Give a Kenyan mobile number, like 254708374149."),
    "email": noted("Give one e-mail address, like wanjiku@example.org."),
    "characters": noted("Leave out control characters."),
    "recipient": noted("Give ngo_id of a saved NGO, or recipient_phone and recipient_name."),
    "string_too_short": noted("It has too few characters: {min_length} is the least."),
    "string_too_long": noted("It has too many characters: {max_length} is the most."),
    "string_unicode": noted("Leave out halves of characters."),
    "too_short": noted("It has too few entries: {min_length} is the least."),
    "too_long": noted("It has too many entries: {max_length} is the most."),
    "greater_than_equal": noted("It is too small: {ge} is the least."),
    "less_than_equal": noted("It is too large: {le} is the most."),
    "literal_error": noted("Give {expected}."),
    "enum": noted("Give {expected}."),
    "int_type": noted("Give a whole number."),
    "int_parsing": noted("Give a whole number."),
    "string_type": noted("Give a text."),
    "bool_type": noted("Give true or false."),
    "list_type": noted("Give a list."),
    "model_type": noted("Give an object."),
}
UNUSABLE = noted("This value cannot be used.")
REMEDIES: dict[type[Refused], str] = {
    refusals.LooksDuplicate: noted("If it is meant, send it with duplicate_ok: true (and another Idempotency-Key)."),
    refusals.LooksSaved: noted("Use the one that is saved; or, if this one is meant, send duplicate_ok: true."),
    refusals.ReplacedSince: noted("If both are meant, ask for a new payout with duplicate_ok: true."),
    refusals.MoreMustAgree: noted("Ask for a new payout; so many people then approve it."),
    refusals.RetryCannotHelp: noted("Ask for a new payout, with what was wrong put right."),
    refusals.InsufficientFunds: noted("Ask for less, or wait until more has come in."),
    refusals.PhoneBusy: noted("Ask again after the seconds in Retry-After."),
    refusals.PhoneRests: noted("Ask again after the seconds in Retry-After."),
    refusals.TooManyPrompts: noted("Ask again after the seconds in Retry-After."),
    refusals.SeveralPhoneNumbers: OF_A_FIELD["phone_number"],
    refusals.OwnRequest: noted("Use the key of another person."),
    refusals.IdempotencyKeyReused: noted("Give another request another Idempotency-Key."),
    refusals.NotAPhoneNumber: OF_A_FIELD["phone_number"],
    refusals.NotTheNgosPhone: noted("Leave out recipient_phone, or ngo_id."),
}


def campaign_closed(_: Language, refused: refusals.CampaignClosed) -> str:
    return _("“{title}” is closed and takes no new gifts. Nothing was taken.", title=refused.title)


def phone_busy(_: Language, refused: refusals.PhoneBusy) -> str:
    return _(
        "This phone was asked a moment ago, and M-Pesa allows one request at a time. Nothing new was sent. It is free "
        "again in {wait}.",
        wait=in_words(_, refused.wait),
    )


def phone_rests(_: Language, refused: refusals.PhoneRests) -> str:
    return _(
        "The last requests on this phone were cancelled or not answered, so it is left alone for a while. Nothing was "
        "sent. It may be asked again in {wait}.",
        wait=in_words(_, refused.wait),
    )


def too_many_prompts(_: Language, refused: refusals.TooManyPrompts) -> str:
    return _(
        "Too many requests, so nothing was sent. The next one is possible in {wait}.",
        wait=in_words(_, refused.wait),
    )


def looks_duplicate(_: Language, refused: refusals.LooksDuplicate) -> str:
    if refused.rows:
        return of_payouts.rows_alike(_, refused.rows)
    return _(
        "Payout {id}, minutes ago, has the same campaign, phone and amount. No second one was made.",
        id=refused.payout_id,
    )


def looks_saved(_: Language, refused: refusals.LooksSaved) -> str:
    who = {"id": refused.ngo_id, "name": refused.name, "phone": refused.phone}
    return _("NGO {id} is saved already: {name}, {phone}. No second one was saved.", **who)


def payout_out_of_range(_: Language, refused: refusals.PayoutOutOfRange) -> str:
    return _(
        "M-Pesa sends {least} to {most} at a time, and one person {day} a day, of which this one had {today}. No "
        "payout was made.",
        least=refused.least,
        most=refused.most,
        day=refused.most_a_day,
        today=refused.already_today,
    )


SENTENCES: Sentences = {  # where those for the chat speak of buttons
    refusals.NoSuchCampaign: noted("We do not know this campaign."),
    refusals.CampaignClosed: campaign_closed,
    refusals.NoSuchDonation: noted("We do not know this donation."),
    refusals.NoSuchPayout: noted("We do not know this payout."),
    refusals.PhoneBusy: phone_busy,
    refusals.PhoneRests: phone_rests,
    refusals.PhoneRefused: noted("Whose phone this is does not want to be asked by M-Pesa for us. Nothing was sent."),
    refusals.TooManyPrompts: too_many_prompts,
    refusals.ReasonNeeded: noted("A rejection says why."),
    refusals.LooksDuplicate: looks_duplicate,
    refusals.LooksSaved: looks_saved,
    refusals.PayoutOutOfRange: payout_out_of_range,
    refusals.BadBulkFile: noted("Some of the payments cannot be; errors says which and why. No payout was made."),
}


def sentence(_: Language, refused: Refused) -> str:
    told = SENTENCES.get(type(refused))
    return written(_, told, refused) if told else told_in_chat.sentence(_, refused)


def remedy(_: Language, kind: type[Refused]) -> str | None:
    return unescape(_(REMEDIES[kind])) if kind in REMEDIES else None


def of_the_request(_: Language, code: str) -> str:
    return unescape(_(OF_THE_REQUEST[code]))


def of_a_field(_: Language, kind: str, limits: Mapping[str, Any]) -> str:
    """`kind` and `limits`: as pydantic names them."""
    return unescape(_(OF_A_FIELD.get(kind, UNUSABLE), **limits))


def of_a_row(_: Language, code: str) -> str:
    """What is wrong with one payment of many."""
    return unescape(_(of_payouts.FAULTS.get(code, of_payouts.UNREADABLE)))
