"""Questions and reversals: taken at once, answered at the caller's ResultURL a moment later."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from standins.background import Background
from standins.daraja.initiator import Initiator
from standins.daraja.options import DarajaOptions
from standins.daraja.payout_checks import Signed
from standins.daraja.payout_results import NOT_ALLOWED
from standins.daraja.result_bodies import Conversation
from standins.daraja.result_posts import Kind, ResultPosts
from standins.shapes import JsonObject, ResultCode

Tell = Callable[[Conversation, ResultCode | None], JsonObject | None]


class Later:
    def __init__(
        self, options: DarajaOptions, initiator: Initiator, posts: ResultPosts, background: Background
    ) -> None:
        self._options = options
        self._initiator = initiator
        self._posts = posts
        self._background = background

    def take(self, signed: Signed, kind: Kind, about: str, tell: Tell) -> web.Response:
        """`tell` makes the result when its time has come; its second argument is what bars the request, if anything.

        A result of None is never sent.
        """
        conversation = Conversation()
        self._background.start(self._tell(signed, kind, about, tell, conversation, self._barred(signed)))
        return web.json_response(conversation.acknowledged())

    async def _tell(
        self, signed: Signed, kind: Kind, about: str, tell: Tell, conversation: Conversation, barred: ResultCode | None
    ) -> None:
        await asyncio.sleep(self._options.result_delay_s)
        content = tell(conversation, barred)
        if content is not None:
            await self._posts.send(kind, about, signed.result_url, content)

    def _barred(self, signed: Signed) -> ResultCode | None:
        wrong = self._initiator.check(signed.initiator, signed.credential)
        ours = (self._options.shortcode, self._options.paying_shortcode)
        return wrong if wrong is not None or signed.shortcode in ours else NOT_ALLOWED
