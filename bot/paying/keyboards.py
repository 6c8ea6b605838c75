"""The treasurer's buttons. Their data is short ASCII (Telegram takes 64 bytes); whatever comes back is checked anew."""

import hashlib
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.buttons import button
from fundraising.ledger.balances import Standing
from fundraising.paying.cards import Card
from fundraising.paying.drafts import PayoutDraft
from fundraising.paying.payout import Payout
from fundraising.paying.requests import never_accepted
from fundraising.people.ngos import Ngo
from fundraising.people.roles import Person, Role
from fundraising.statuses import PayoutStatus
from letters import buttons as common
from letters.language import Language
from letters.paying import buttons

Row = list[InlineKeyboardButton]


def draft_campaigns(_: Language, draft: PayoutDraft, found: Sequence[Standing]) -> InlineKeyboardMarkup:
    rows = [
        [button(f"{each.campaign.title} · {each.balance.available}", f"ask:{draft.id}:campaign:{each.campaign.id}")]
        for each in found
    ]
    return InlineKeyboardMarkup([*rows, [cancel_draft(_, draft)]])


def draft_ngos(_: Language, draft: PayoutDraft, found: list[Ngo]) -> InlineKeyboardMarkup:
    rows = [[button(f"{ngo.name} · {ngo.phone.local}", f"ask:{draft.id}:ngo:{ngo.id}")] for ngo in found]
    return InlineKeyboardMarkup([*rows, [cancel_draft(_, draft)]])


def draft_cancel(_: Language, draft: PayoutDraft) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[cancel_draft(_, draft)]])


def draft_confirm(_: Language, draft: PayoutDraft) -> InlineKeyboardMarkup:
    """Confirm names what stood above it, so that it confirms that and nothing else."""
    confirm = button(_(common.CONFIRM), f"ask:{draft.id}:confirm:{digest(draft)}")
    return InlineKeyboardMarkup([[confirm], [cancel_draft(_, draft)]])


def draft_meant(_: Language, draft: PayoutDraft) -> InlineKeyboardMarkup:
    meant = button(_(buttons.MEANT), f"ask:{draft.id}:meant:{digest(draft)}")
    return InlineKeyboardMarkup([[meant], [cancel_draft(_, draft)]])


def cancel_draft(_: Language, draft: PayoutDraft) -> InlineKeyboardButton:
    return button(_(common.CANCEL), f"ask:{draft.id}:cancel")


def digest(draft: PayoutDraft) -> str:
    order = draft.order
    said = f"{order.campaign_id}:{order.amount}:{order.phone.digits}:{order.recipient_name}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def decide(_: Language, card: Card) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([decision_row(_, card)])


def while_pending(_: Language, card: Card) -> InlineKeyboardMarkup | None:
    return decide(_, card) if card.payout.status is PayoutStatus.PENDING else None


def decision_row(_: Language, card: Card) -> Row:
    return [button(_(buttons.APPROVE), f"{pay(card)}:ok"), button(_(buttons.REJECT), f"{pay(card)}:no")]


def reasons(_: Language, card: Card) -> InlineKeyboardMarkup:
    rows = [[button(_(reason), f"{pay(card)}:no:{at}")] for at, reason in enumerate(buttons.REASONS)]
    return InlineKeyboardMarkup([*rows, [button(_(common.BACK), f"{pay(card)}:back")]])


def pay(card: Card) -> str:
    """The mac fits this payout as it stands above the button, and no other version of it."""
    return f"pay:{card.payout.id}:{card.payout.version}:{card.mac}"


def retry(_: Language, payout: Payout) -> InlineKeyboardMarkup | None:
    row = retry_row(_, payout)
    return InlineKeyboardMarkup([row]) if row else None


def retry_row(_: Language, payout: Payout) -> Row:
    if not payout.may_be_retried:
        return []
    return [button(_(buttons.RETRY), f"retry:{payout.id}:{payout.version}")]


def review(_: Language, card: Card) -> InlineKeyboardMarkup | None:
    row = review_row(_, card)
    return InlineKeyboardMarkup([row]) if row else None


def review_row(_: Language, card: Card) -> Row:
    number = card.payout.id
    if not card.payout.needs_review:
        return []
    if any(attempt.is_open for attempt in card.attempts):
        paid = button(_(buttons.WAS_PAID), f"review:{number}:paid")
        return [paid, button(_(buttons.WAS_NOT_PAID), f"review:{number}:unpaid")]
    return [button(_(buttons.SEEN_TO), f"review:{number}:seen")]


def on_card(_: Language, card: Card, person: Person) -> InlineKeyboardMarkup:
    """What this person could do with the payout now."""
    payout = card.payout
    rows: list[Row] = [review_row(_, card), retry_row(_, payout) if person.may(Role.MAKER) else []]
    own = payout.requester_id == person.id
    if payout.status is PayoutStatus.PENDING and person.may(Role.CHECKER) and not own:
        rows.append(decision_row(_, card))
    untaken = payout.status is PayoutStatus.APPROVED or never_accepted(payout, card.attempts)
    if (untaken and person.may(Role.OWNER)) or (payout.status is PayoutStatus.PENDING and own):
        rows.append([button(_(buttons.CANCEL_PAYOUT), f"stop:{payout.id}")])
    return InlineKeyboardMarkup([*(row for row in rows if row), [button(_(common.BACK), "payouts:all:0:0")]])
