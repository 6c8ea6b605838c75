"""Every route of the API: what the server answers to, and what the documentation tells, come from this one table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import GenericAlias

from pydantic import BaseModel

from fundraising import refusals
from fundraising.people.roles import Role
from fundraising.refusals import Refused
from webhooks.api import bulk, campaigns, donations, donors, ngos, payouts, reports
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import Page

ORDER_REFUSED = (
    refusals.NoSuchCampaign,
    refusals.NoSuchNgo,
    refusals.NotTheNgosPhone,
    refusals.BadPayout,
    refusals.NotAnAmount,
    refusals.PayoutOutOfRange,
    refusals.LooksDuplicate,
    refusals.PayoutsBlocked,
    refusals.InsufficientFunds,
    refusals.ShortOfSpace,
)
UNDECIDED = (refusals.NoSuchPayout, refusals.OwnRequest, refusals.AlreadyDecided, refusals.PayoutAltered)


@dataclass(frozen=True)
class Route:
    """A path answers with and without its slash at the end. `moves_money`: takes an Idempotency-Key.

    `problems`: what the handler may refuse, beside what every route does: no key, a wrong path, query or body.
    """

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Reply]]
    summary: str
    answer: type[BaseModel] | GenericAlias
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    role: Role = Role.VIEWER
    moves_money: bool = False
    problems: tuple[type[Refused], ...] = ()
    takes_csv: bool = False  # beside JSON
    gives_csv: bool = False  # to whom the header Accept says that it is wanted


def many(model: type[BaseModel]) -> GenericAlias:
    return GenericAlias(list, (model,))


ROUTES = (
    Route(
        "POST",
        "/donors/",
        donors.add,
        "Add a donor who is not in Telegram",
        donors.DonorOut,
        status=201,
        body=donors.DonorIn,
        role=Role.MAKER,
    ),
    Route("GET", "/donors/", donors.many, "List donors", many(donors.DonorOut), query=Page),
    Route("GET", "/donors/{donor_id}", donors.one, "A donor", donors.DonorOut, problems=(refusals.NoSuchDonor,)),
    Route(
        "POST",
        "/campaigns/",
        campaigns.add,
        "Open a campaign",
        campaigns.CampaignAdded,
        status=201,
        body=campaigns.CampaignIn,
        role=Role.MAKER,
        problems=(refusals.BadCampaign,),
    ),
    Route("GET", "/campaigns/", campaigns.many, "List campaigns", many(campaigns.CampaignOut), query=Page),
    Route(
        "GET",
        "/campaigns/{campaign_id}",
        campaigns.one,
        "A campaign, and what it has raised, paid out, promised and left",
        campaigns.CampaignOut,
        problems=(refusals.NoSuchCampaign,),
    ),
    Route(
        "POST",
        "/campaigns/{campaign_id}/close",
        campaigns.close,
        "Take no new donations for a campaign",
        campaigns.CampaignOut,
        role=Role.OWNER,
        problems=(refusals.NoSuchCampaign,),
    ),
    Route(
        "POST",
        "/ngos/",
        ngos.add,
        "Save an NGO or beneficiary",
        ngos.NgoOut,
        status=201,
        body=ngos.NgoIn,
        role=Role.MAKER,
        problems=(
            refusals.LooksSaved,
            refusals.BadPayout,
        ),
    ),
    Route("GET", "/ngos/", ngos.many, "List saved NGOs and beneficiaries", many(ngos.NgoOut), query=Page),
    Route("GET", "/ngos/{ngo_id}", ngos.one, "A saved NGO", ngos.NgoOut, problems=(refusals.NoSuchNgo,)),
    Route(
        "POST",
        "/donations/",
        donations.start,
        "Ask a donor's phone for a donation",
        donations.DonationOut,
        status=201,
        body=donations.DonationIn,
        role=Role.MAKER,
        moves_money=True,
        problems=(
            refusals.NoSuchDonor,
            refusals.NoSuchCampaign,
            refusals.CampaignClosed,
            refusals.NotAnAmount,
            refusals.AmountOutOfRange,
            refusals.PhoneBusy,
            refusals.TooManyPrompts,
            refusals.ShortOfSpace,
        ),
    ),
    Route(
        "GET",
        "/donations/",
        donations.many,
        "List donations",
        many(donations.DonationOut),
        query=donations.DonationsPage,
    ),
    Route(
        "GET",
        "/donations/{donation_id}",
        donations.one,
        "A donation, and how it stands",
        donations.DonationOut,
        problems=(refusals.NoSuchDonation,),
    ),
    Route(
        "POST",
        "/payouts/",
        payouts.request,
        "Ask for a payout: its money is promised at once, and another person has to approve it",
        payouts.PayoutOut,
        status=201,
        body=payouts.PayoutIn,
        role=Role.MAKER,
        moves_money=True,
        problems=ORDER_REFUSED,
    ),
    Route("GET", "/payouts/", payouts.many, "List payouts", many(payouts.PayoutOut), query=payouts.PayoutsPage),
    Route(
        "POST",
        "/payouts/bulk",
        bulk.request,
        "Ask for many payouts as one, from JSON or a CSV file: all of them, or none",
        bulk.BulkOut,
        status=201,
        body=bulk.BulkIn,
        query=bulk.BulkQuery,
        role=Role.MAKER,
        moves_money=True,
        problems=(*ORDER_REFUSED, refusals.BadBulkFile),
        takes_csv=True,
    ),
    Route(
        "GET",
        "/payouts/campaign/{campaign_id}",
        payouts.of_campaign,
        "List a campaign's payouts",
        many(payouts.PayoutOut),
        query=Page,
        problems=(refusals.NoSuchCampaign,),
    ),
    Route(
        "GET",
        "/payouts/{payout_id}",
        payouts.one,
        "A payout, and how it stands",
        payouts.PayoutOut,
        problems=(refusals.NoSuchPayout,),
    ),
    Route(
        "POST",
        "/payouts/{payout_id}/approve",
        payouts.approve,
        "Agree to somebody else's payout",
        payouts.PayoutOut,
        role=Role.CHECKER,
        moves_money=True,
        problems=UNDECIDED,
    ),
    Route(
        "POST",
        "/payouts/{payout_id}/reject",
        payouts.reject,
        "Refuse somebody else's payout, and say why",
        payouts.PayoutOut,
        body=payouts.RejectionIn,
        role=Role.CHECKER,
        moves_money=True,
        problems=(*UNDECIDED, refusals.ReasonNeeded),
    ),
    Route(
        "POST",
        "/payouts/{payout_id}/retry",
        payouts.retry,
        "Send a payout again that has surely failed",
        payouts.PayoutOut,
        role=Role.MAKER,
        moves_money=True,
        problems=(
            refusals.NoSuchPayout,
            refusals.NotRetryable,
            refusals.RetryCannotHelp,
            refusals.ReplacedSince,
            refusals.MoreMustAgree,
            refusals.PayoutOutOfRange,
            refusals.SecondPersonNeeded,
            refusals.SendingFrozen,
            refusals.PayoutsBlocked,
            refusals.InsufficientFunds,
        ),
    ),
    Route(
        "GET",
        "/reports/reconciliation",
        reports.of_day,
        "A day of the books, M-Pesa's side against them, and what is unresolved",
        reports.ReportOut,
        query=reports.ReportQuery,
        problems=(refusals.NoSuchDay,),
        gives_csv=True,
    ),
)
