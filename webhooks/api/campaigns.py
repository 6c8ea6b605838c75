"""Campaigns, and how each stands."""

from typing import Literal

from pydantic import Field

from fundraising.ledger.progress import Progress
from fundraising.money import Money
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import Amount, Amounts, Given, GoalIn, Page, Shape, Story, Title, by_currency
from webhooks.api.paging import page_of


class CampaignIn(Given):
    title: Title
    goal: GoalIn
    currency: Literal["KES"] = "KES"
    story: Story = Field("", description="What the money is for.")


class CampaignOut(Shape):
    id: int
    title: str
    slug: str = Field(description="Its public page is /c/{slug}.")
    story: str
    status: Literal["open", "closed"]
    goal: Amount
    currency: str = Field(description="Of the goal.")
    raised_amounts: Amounts = Field(description="All that came in. Payouts never lower it.")
    paid_amounts: Amounts = Field(description="What was paid out.")
    reserved_amounts: Amounts = Field(description="What is promised to payouts that are not paid yet.")
    available_amounts: Amounts = Field(description="What a new payout may take.")
    donors: int = Field(description="How many people gave.")


class CampaignAdded(CampaignOut):
    same_title_as: list[int] = Field(description="Other open campaigns that donors cannot tell from this one.")


async def add(call: Call) -> Reply:
    given = call.body_as(CampaignIn)
    goal = Money.of_major(given.goal, given.currency)
    campaign = await call.use_cases.campaigns.add(given.title, goal, given.story)
    opened = shown(await call.use_cases.campaigns.find(campaign.id))
    namesakes = await call.use_cases.campaigns.namesakes(campaign)
    return Reply(CampaignAdded(**dict(opened), same_title_as=[each.id for each in namesakes]))


async def one(call: Call) -> Reply:
    return Reply(shown(await call.use_cases.campaigns.find(call.ids["campaign_id"])))


async def many(call: Call) -> Reply:
    page = call.query_as(Page)
    return page_of(shown, await call.use_cases.campaigns.newest(page.cursor, page.limit + 1), page.limit)


async def close(call: Call) -> Reply:
    await call.use_cases.campaigns.close(call.ids["campaign_id"])
    return await one(call)


def shown(stands: Progress) -> CampaignOut:
    campaign, held = stands.campaign, stands.balances
    return CampaignOut(
        id=campaign.id,
        title=campaign.title,
        slug=campaign.slug,
        story=campaign.story,
        status="open" if campaign.is_open else "closed",
        goal=campaign.goal.major,
        currency=campaign.goal.currency,
        raised_amounts=by_currency({each: balance.raised for each, balance in held.items()}),
        paid_amounts=by_currency({each: balance.paid for each, balance in held.items()}),
        reserved_amounts=by_currency({each: balance.reserved for each, balance in held.items()}),
        available_amounts=by_currency({each: balance.available for each, balance in held.items()}),
        donors=stands.givers,
    )
