"""Daraja's parts, put together."""

from standins.background import Background
from standins.daraja.account_balance import AccountBalance
from standins.daraja.b2c import B2c
from standins.daraja.books import Books
from standins.daraja.callbacks import Callbacks
from standins.daraja.initiator import Initiator
from standins.daraja.later import Later
from standins.daraja.names import Names
from standins.daraja.oauth import Oauth
from standins.daraja.options import DarajaOptions
from standins.daraja.payouts import Payouts
from standins.daraja.phones import Phones
from standins.daraja.result_posts import ResultPosts
from standins.daraja.reversal import Reversal
from standins.daraja.sessions import Sessions
from standins.daraja.status_bodies import StatusBodies
from standins.daraja.stk_push import StkPush
from standins.daraja.stk_query import StkQuery
from standins.daraja.transaction_status import TransactionStatus
from standins.events import EventLog
from standins.outbound import Outbound
from standins.shapes import Behaviour, PayoutBehaviour, Person


class Desk:
    def __init__(
        self,
        options: DarajaOptions,
        outbound: Outbound,
        background: Background,
        events: EventLog,
        people: tuple[Person, ...] = (),
    ) -> None:
        self.options = options
        self.oauth = Oauth(options)
        names = Names(people)
        self.books = Books(options, names, events)
        self._background = background
        self.phones = Phones(Behaviour())
        self.callbacks = Callbacks(options, outbound, self.books, events)
        self.sessions = Sessions(options, self.books, self.callbacks, background, events)
        self.stk_push = StkPush(options, self.phones, self.sessions, background)
        self.stk_query = StkQuery(options, self.sessions)
        self.recipients = Phones(PayoutBehaviour())
        self.initiator = Initiator(options, events)
        self.posts = ResultPosts(options, outbound, self.books, events)
        self.payouts = Payouts(options, self.initiator, self.books, names, self.posts, events)
        self.b2c = B2c(options, self.recipients, self.payouts, self.books, background)
        later = Later(options, self.initiator, self.posts, background)
        bodies = StatusBodies(options, names)
        self.status = TransactionStatus(options, self.books, self.payouts, later, bodies, events)
        self.balance = AccountBalance(options, self.books, later)
        self.reversal = Reversal(options, self.books, names, later)

    async def reset(self) -> None:
        """Empties books, phones and prompts, and unlocks the initiator.

        Access tokens stay good, as the client still holds them, and an OriginatorConversationID stays used.
        """
        await self._background.cancel()
        for part in (self.sessions, self.phones, self.recipients, self.payouts, self.initiator, self.books):
            part.reset()
        self.callbacks.last.clear()
