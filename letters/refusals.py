"""What the rules refuse, told to the person who asked. Plain text, for pop-ups and the command line too."""

from collections.abc import Callable
from html import unescape
from typing import Any

from fundraising import refusals
from fundraising.refusals import Refused
from letters import payout_refusals
from letters.durations import in_words
from letters.language import Language


def short_of_space(_: Language, _refused: Refused) -> str:
    return _(
        "We cannot take anything new at the moment. Nothing was sent and nothing was taken. Please try again later."
    )


def not_a_phone_number(_: Language, _refused: Refused) -> str:
    return _("That is not a Kenyan mobile number. Please type it like 0712 345 678.")


def not_an_email_address(_: Language, _refused: Refused) -> str:
    return _("That is not an e-mail address. Please type it like wanjiku@example.org.")


def no_mail(_: Language, _refused: Refused) -> str:
    return _("We send no e-mail yet. Your receipts are here: /history shows them.")


def not_an_amount(_: Language, _refused: Refused) -> str:
    return _("Please type an amount in whole shillings, like 500.")


def amount_out_of_range(_: Language, refused: refusals.AmountOutOfRange) -> str:
    return _(
        "M-Pesa takes {least} to {most} at a time. Please type another amount.", least=refused.least, most=refused.most
    )


def no_such_campaign(_: Language, _refused: Refused) -> str:
    return _("We do not know this campaign. /campaigns shows those that you can give to.")


def campaign_closed(_: Language, refused: refusals.CampaignClosed) -> str:
    return _(
        "“{title}” is closed and takes no new gifts. Nothing was taken. /campaigns shows the others.",
        title=refused.title,
    )


def no_such_donor(_: Language, _refused: Refused) -> str:
    return _("We do not know this donor.")


def no_such_donation(_: Language, _refused: Refused) -> str:
    return _("We do not know this gift. /history shows yours.")


def draft_gone(_: Language, _refused: Refused) -> str:
    return _("That has expired. This button asks M-Pesa for nothing. /donate starts a new gift.")


def phone_busy(_: Language, refused: refusals.PhoneBusy) -> str:
    return _(
        "That phone was asked a moment ago, and M-Pesa allows one request at a time. Nothing new was sent. "
        "Please press Confirm again in {wait}.",
        wait=in_words(_, refused.wait),
    )


def too_many_prompts(_: Language, _refused: Refused) -> str:
    return _("Too many requests within an hour, so nothing was sent and nothing was taken. Please come back later.")


def too_early_to_try_again(_: Language, refused: refusals.TooEarlyToTryAgain) -> str:
    return _(
        "M-Pesa does not take the same amount again so soon. Please press Try again in {wait}.",
        wait=in_words(_, refused.wait),
    )


def nothing_to_try_again(_: Language, _refused: Refused) -> str:
    return _("This gift has not failed, so there is nothing to try again. /history shows how it stands.")


def bad_campaign(_: Language, _refused: Refused) -> str:
    return _("A campaign needs a title of 1 to 60 letters and a goal in KES above zero.")


def not_json(_: Language, _refused: Refused) -> str:
    return _("That is not a message from M-Pesa.")


SENTENCES: dict[type[Refused], Callable[[Language, Any], str]] = {
    refusals.ShortOfSpace: short_of_space,
    refusals.NotAPhoneNumber: not_a_phone_number,
    refusals.NotAnEmailAddress: not_an_email_address,
    refusals.NoMail: no_mail,
    refusals.NotAnAmount: not_an_amount,
    refusals.AmountOutOfRange: amount_out_of_range,
    refusals.NoSuchCampaign: no_such_campaign,
    refusals.CampaignClosed: campaign_closed,
    refusals.NoSuchDonor: no_such_donor,
    refusals.NoSuchDonation: no_such_donation,
    refusals.DraftGone: draft_gone,
    refusals.PhoneBusy: phone_busy,
    refusals.TooManyPrompts: too_many_prompts,
    refusals.TooEarlyToTryAgain: too_early_to_try_again,
    refusals.NothingToTryAgain: nothing_to_try_again,
    refusals.BadCampaign: bad_campaign,
    refusals.NotJson: not_json,
    **payout_refusals.SENTENCES,
}


def sentence(_: Language, refused: Refused) -> str:
    return unescape(SENTENCES[type(refused)](_, refused))
