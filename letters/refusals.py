"""What the rules refuse, told to the person who asked. Plain text, for pop-ups and the command line too."""

from fundraising import refusals
from fundraising.refusals import Refused
from letters.language import Language, noted
from letters.paying import refusals as of_payouts
from letters.sentences import Sentences, written
from letters.times import in_words


def amount_out_of_range(_: Language, refused: refusals.AmountOutOfRange) -> str:
    return _(
        "M-Pesa takes {least} to {most} at a time. Please type another amount.", least=refused.least, most=refused.most
    )


def campaign_closed(_: Language, refused: refusals.CampaignClosed) -> str:
    return _(
        "“{title}” is closed and takes no new gifts. Nothing was taken. /campaigns shows the others.",
        title=refused.title,
    )


def phone_busy(_: Language, refused: refusals.PhoneBusy) -> str:
    return _(
        "That phone was asked a moment ago, and M-Pesa allows one request at a time. Nothing new was sent. "
        "Please press Confirm again in {wait}.",
        wait=in_words(_, refused.wait),
    )


def phone_rests(_: Language, refused: refusals.PhoneRests) -> str:
    return _(
        "The last requests on that phone were cancelled or not answered, so nothing new was sent. "
        "Please try again in {wait}.",
        wait=in_words(_, refused.wait),
    )


def too_many_prompts(_: Language, refused: refusals.TooManyPrompts) -> str:
    return _(
        "Too many requests, so nothing was sent and nothing was taken. Please try again in {wait}. A number that you "
        "share with the button, as your own, may be asked more often.",
        wait=in_words(_, refused.wait),
    )


def ambiguous_amount(_: Language, refused: refusals.AmbiguousAmount) -> str:
    *others, last = map(str, refused.readings)
    return _(
        "Do you mean {others} or {last}? Please type it in figures, like 1500.",
        others=", ".join(others),
        last=last,
    )


def too_early_to_try_again(_: Language, refused: refusals.TooEarlyToTryAgain) -> str:
    return _(
        "M-Pesa does not take the same amount again so soon. Please press Try again in {wait}.",
        wait=in_words(_, refused.wait),
    )


SENTENCES: Sentences = {
    refusals.ShortOfSpace: noted(
        "We cannot take anything new at the moment. Nothing was sent and nothing was taken. Please try again later."
    ),
    refusals.NotAPhoneNumber: noted("That is not a Kenyan mobile number. Please type it like 0712 345 678."),
    refusals.SeveralPhoneNumbers: noted("That looks like more than one number. Please type the one that is meant."),
    refusals.NotAnEmailAddress: noted("That is not an e-mail address. Please type it like wanjiku@example.org."),
    refusals.NoMail: noted("We send no e-mail yet. Your receipts are here: /history shows them."),
    refusals.NotAnAmount: noted(
        "We could not read that as an amount. Please type it in whole shillings, like 500, 1,500 or 5k."
    ),
    refusals.NoCents: noted("M-Pesa takes whole shillings, without cents. Please type another amount, like 500."),
    refusals.AmbiguousAmount: ambiguous_amount,
    refusals.AmountOutOfRange: amount_out_of_range,
    refusals.NoSuchCampaign: noted("We do not know this campaign. /campaigns shows those that you can give to."),
    refusals.CampaignClosed: campaign_closed,
    refusals.NoSuchDonor: noted("We do not know this donor."),
    refusals.NoSuchDonation: noted("We do not know this gift. /history shows yours."),
    refusals.DraftGone: noted("That has expired. This button asks M-Pesa for nothing. /donate starts a new gift."),
    refusals.PhoneBusy: phone_busy,
    refusals.PhoneRests: phone_rests,
    refusals.PhoneRefused: noted(
        "Whose phone this is does not want to be asked by M-Pesa for us, so nothing was sent and nothing was taken. "
        "If it is yours, /notme changes that."
    ),
    refusals.TooManyPrompts: too_many_prompts,
    refusals.TooEarlyToTryAgain: too_early_to_try_again,
    refusals.NothingToTryAgain: noted(
        "This gift has not failed, so there is nothing to try again. /history shows how it stands."
    ),
    refusals.BadCampaign: noted(
        "A campaign needs a title of 1 to 60 characters, letters among them, and a goal of KES 1 or more."
    ),
    refusals.NotJson: noted("That is not a message from M-Pesa."),
    **of_payouts.SENTENCES,
}


def sentence(_: Language, refused: Refused) -> str:
    return written(_, SENTENCES[type(refused)], refused)
