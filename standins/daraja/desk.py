"""Daraja's parts, put together."""

from standins.background import Background
from standins.daraja.books import Books
from standins.daraja.callbacks import Callbacks
from standins.daraja.oauth import Oauth
from standins.daraja.options import DarajaOptions
from standins.daraja.phones import Phones
from standins.daraja.sessions import Sessions
from standins.daraja.stk_push import StkPush
from standins.daraja.stk_query import StkQuery
from standins.events import EventLog
from standins.outbound import Outbound


class Desk:
    def __init__(self, options: DarajaOptions, outbound: Outbound, background: Background, events: EventLog) -> None:
        self.options = options
        self.oauth = Oauth(options)
        self.phones = Phones()
        self.books = Books(options.business, events)
        self.callbacks = Callbacks(options, outbound, self.books, events)
        self.sessions = Sessions(options, self.books, self.callbacks, background, events)
        self.stk_push = StkPush(options, self.phones, self.sessions, background)
        self.stk_query = StkQuery(options, self.sessions)

    async def reset(self) -> None:
        """Empties books, phones and prompts; access tokens stay good, as the client still holds them."""
        await self.sessions.reset()
        self.phones.reset()
        self.books.reset()
        self.callbacks.last.clear()
