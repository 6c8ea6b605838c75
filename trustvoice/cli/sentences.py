"""Refusals in the words of the command line, where the chat's would name what only the chat has."""

from fundraising import refusals
from fundraising.refusals import Refused
from letters import refusals as letters
from letters.language import translate

CAMPAIGNS, PEOPLE = "trustvoice campaign list shows them all.", "trustvoice admin list shows who has which role."
OWN: dict[type[Refused], str] = {
    refusals.NoSuchCampaign: f"There is no campaign with this id. {CAMPAIGNS}",
    refusals.CampaignClosed: f"This campaign is closed and takes no new gifts. Nothing was taken. {CAMPAIGNS}",
    refusals.NoSuchDonation: "There is no donation with this id. A receipt or a reference finds one, too.",
    refusals.NoSuchPayout: "There is no payout with this id. A receipt or a ConversationID finds one, too.",
    refusals.NoSuchPerson: f"There is no person with this id. {PEOPLE}",
    refusals.NoSuchNgo: "There is no NGO with this id. trustvoice ngo list shows them all.",
    refusals.LooksSaved: (
        "A recipient with this number, or with a name like it, is saved already: trustvoice ngo list shows them all. "
        "Nothing was saved. If another is meant, say --anyway."
    ),
    refusals.NotAPhoneNumber: "That is not a Kenyan mobile number. Write it like 0712345678.",
    refusals.PhoneRefused: (
        "Whose phone this is does not want to be asked by M-Pesa for us. Nothing was sent and nothing was taken. "
        "Only they can change that, in the chat."
    ),
    refusals.NotAnEmailAddress: "That is not an e-mail address. Write it like wanjiku@example.org.",
    refusals.NoSuchDay: "There is no report for this day: it has not begun in Nairobi, or it lies before M-Pesa.",
    refusals.NothingToTrace: (
        "Nothing is known by that name. Examples: trustvoice trace donation 17, trustvoice trace payout 3, or an "
        "M-Pesa receipt, a reference, a CheckoutRequestID or a ConversationID in place of the two words."
    ),
}


def of(refused: Refused) -> str:
    return OWN.get(type(refused)) or letters.sentence(translate(None), refused)
