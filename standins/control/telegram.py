"""/control/telegram: be a person in a chat."""

from collections.abc import Callable

from aiohttp import web
from msgspec import Struct

from standins.control.answers import answer, done, read
from standins.shapes import Sent
from standins.telegram.acts import Acts
from standins.telegram.refusals import BadRequest, Impossible
from standins.telegram.state import Telegram


class Say(Struct, forbid_unknown_fields=True):
    user_id: int
    text: str


class Tap(Struct, forbid_unknown_fields=True):
    user_id: int
    label: str | None = None
    data: str | None = None
    message_id: int | None = None
    resend: bool = False


class Contact(Struct, forbid_unknown_fields=True):
    user_id: int
    own: bool = True
    phone: str | None = None


class Document(Struct, forbid_unknown_fields=True):
    """`content` is text; `base64` are any bytes."""

    user_id: int
    file_name: str
    content: str | None = None
    base64: bytes | None = None
    caption: str = ""


class Repeat(Struct, forbid_unknown_fields=True):
    update_id: int | None = None


class Somebody(Struct, forbid_unknown_fields=True):
    user_id: int


class Introduction(Struct, forbid_unknown_fields=True):
    user_id: int
    first_name: str | None = None
    language_code: str | None = None
    phone: str | None = None


class TelegramControl:
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._acts = Acts(telegram)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/telegram/say", self.say),
            web.post("/telegram/tap", self.tap),
            web.post("/telegram/contact", self.contact),
            web.post("/telegram/document", self.document),
            web.post("/telegram/repeat", self.repeat),
            web.post("/telegram/block", self.block),
            web.post("/telegram/unblock", self.unblock),
            web.post("/telegram/user", self.user),
            web.get("/telegram/bot", self.bot),
            web.get(r"/telegram/chat/{user_id:\d+}", self.chat),
            web.get(r"/telegram/answers/{user_id:\d+}", self.answers),
            web.get(r"/telegram/commands/{user_id:\d+}", self.commands),
            web.get("/telegram/file/{file_id}", self.file),
        ]

    async def say(self, request: web.Request) -> web.Response:
        said = await read(request, Say)
        if not said.text.strip():
            raise web.HTTPBadRequest(text="there is nothing to say")
        return acted(lambda: self._acts.say(said.user_id, said.text))

    async def tap(self, request: web.Request) -> web.Response:
        tap = await read(request, Tap)
        if tap.resend:
            return acted(lambda: self._acts.tap_again(tap.user_id))
        wanted = tap.data or tap.label or ""
        return acted(lambda: self._acts.tap(tap.user_id, wanted, tap.message_id))

    async def contact(self, request: web.Request) -> web.Response:
        card = await read(request, Contact)
        return acted(lambda: self._acts.contact(card.user_id, card.own, card.phone))

    async def document(self, request: web.Request) -> web.Response:
        sent = await read(request, Document)
        content = sent.base64 if sent.content is None else sent.content.encode()
        if not content or not sent.file_name:
            raise web.HTTPBadRequest(text="a document needs a name and something in it")
        return acted(lambda: self._acts.document(sent.user_id, sent.file_name, content, sent.caption))

    async def repeat(self, request: web.Request) -> web.Response:
        which = await read(request, Repeat)
        return acted(lambda: self._acts.repeat(which.update_id))

    async def block(self, request: web.Request) -> web.Response:
        user_id = (await read(request, Somebody)).user_id
        return acted(lambda: self._acts.block(user_id, True))

    async def unblock(self, request: web.Request) -> web.Response:
        user_id = (await read(request, Somebody)).user_id
        return acted(lambda: self._acts.block(user_id, False))

    async def user(self, request: web.Request) -> web.Response:
        given = await read(request, Introduction)
        user = self._telegram.user(given.user_id)
        user.first_name = given.first_name or user.first_name
        user.language_code = given.language_code or user.language_code
        user.phone = given.phone or user.phone
        return done()

    async def bot(self, request: web.Request) -> web.Response:
        profile, options = self._telegram.profile, self._telegram.options
        language = request.query.get("language", "")
        described = profile.descriptions.get(language) or profile.descriptions.get("", "")
        short = profile.short_descriptions.get(language) or profile.short_descriptions.get("", "")
        names = {"name": options.name, "username": options.username}
        return answer({**names, "description": described, "short_description": short})

    async def chat(self, request: web.Request) -> web.Response:
        messages = self._telegram.chats.get(int(request.match_info["user_id"]), [])
        return answer([message.as_transcript() for message in messages])

    async def answers(self, request: web.Request) -> web.Response:
        return answer(self._telegram.answers.get(int(request.match_info["user_id"]), []))

    async def commands(self, request: web.Request) -> web.Response:
        user = self._telegram.user(int(request.match_info["user_id"]))
        return answer(self._telegram.profile.commands_for(user.id, user.language_code))

    async def file(self, request: web.Request) -> web.Response:
        try:
            file = self._telegram.files.get(request.match_info["file_id"])
        except BadRequest:
            raise web.HTTPNotFound from None
        return web.Response(body=file.content, content_type=file.content_type)


def acted(act: Callable[[], Sent]) -> web.Response:
    try:
        return answer(act())
    except Impossible as no:
        raise web.HTTPConflict(text=str(no)) from None
