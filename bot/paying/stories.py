"""Each kind of news of a payout: when it still holds, the letter that tells it, and its buttons."""

from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.paying import keyboards
from fundraising.paying.cards import Card
from fundraising.paying.news import PayoutNews
from fundraising.statuses import PayoutStatus
from letters.language import Language
from letters.paying import news


def no_buttons(_: Language, _card: Card) -> None:
    return None


def retry(_: Language, card: Card) -> InlineKeyboardMarkup | None:
    return keyboards.retry(_, card.payout)


def has(status: PayoutStatus) -> Callable[[Card], bool]:
    return lambda card: card.payout.status is status


def is_in_review(card: Card) -> bool:
    return card.payout.needs_review is not None


@dataclass(frozen=True)
class Story:
    still_true: Callable[[Card], bool]
    write: Callable[[Language, Card], str]
    buttons: Callable[[Language, Card], InlineKeyboardMarkup | None] = no_buttons


STORIES = {
    PayoutNews.COMPLETED: Story(has(PayoutStatus.COMPLETED), news.completed),
    PayoutNews.FAILED: Story(has(PayoutStatus.FAILED), news.failed, retry),
    PayoutNews.REJECTED: Story(has(PayoutStatus.REJECTED), news.rejected),
    PayoutNews.CANCELLED: Story(has(PayoutStatus.CANCELLED), news.cancelled),
    PayoutNews.EXPIRED: Story(has(PayoutStatus.CANCELLED), news.expired),
    PayoutNews.AGREED: Story(has(PayoutStatus.PENDING), news.agreed),
    PayoutNews.OTHER_NAME: Story(has(PayoutStatus.COMPLETED), news.other_name),
    PayoutNews.NOBODY_REACHED: Story(has(PayoutStatus.PENDING), news.nobody_reached),
    PayoutNews.NEEDS_REVIEW: Story(is_in_review, news.needs_review, keyboards.review),
}
