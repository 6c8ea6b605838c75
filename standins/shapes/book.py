"""Everything M-Pesa did and said."""

from msgspec import Struct, field

from standins.shapes.payouts import Accounts, Paid, PayoutAsked, ResultSent, Reversed, StatusQuestion
from standins.shapes.pushes import CallbackSent, Moved, Push


class Book(Struct):
    """`moved` came in, `paid` went out; `times_paid` counts by OriginatorConversationID."""

    moved: list[Moved] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    callbacks: list[CallbackSent] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    times_paid: dict[str, int] = field(default_factory=dict)
    payout_requests: list[PayoutAsked] = field(default_factory=list)
    results: list[ResultSent] = field(default_factory=list)
    status_questions: list[StatusQuestion] = field(default_factory=list)
    reversed: list[Reversed] = field(default_factory=list)
    accounts: Accounts = field(default_factory=Accounts)
