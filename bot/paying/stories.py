"""Each kind of news of a payout: the letter that tells it, and its buttons."""

from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.paying import keyboards
from fundraising.paying.cards import Card
from fundraising.paying.news import PayoutNews
from letters.language import Language
from letters.paying import news


def no_buttons(_: Language, _card: Card) -> None:
    return None


def retry(_: Language, card: Card) -> InlineKeyboardMarkup | None:
    return keyboards.retry(_, card.payout)


@dataclass(frozen=True)
class Story:
    write: Callable[[Language, Card], str]
    buttons: Callable[[Language, Card], InlineKeyboardMarkup | None] = no_buttons


STORIES = {
    PayoutNews.COMPLETED: Story(news.completed),
    PayoutNews.FAILED: Story(news.failed, retry),
    PayoutNews.REJECTED: Story(news.rejected),
    PayoutNews.CANCELLED: Story(news.cancelled),
    PayoutNews.EXPIRED: Story(news.expired),
    PayoutNews.AGREED: Story(news.agreed),
    PayoutNews.OTHER_NAME: Story(news.other_name),
    PayoutNews.NOBODY_REACHED: Story(news.nobody_reached),
    PayoutNews.NEEDS_REVIEW: Story(news.needs_review, keyboards.review),
}
