"""Job handlers that tell owners about the switch, the float, and what needs a second owner."""

from collections.abc import Callable
from datetime import datetime

from telegram import InlineKeyboardMarkup

from bot.chat.delivery import Notifier
from bot.people.admins import confirm_keyboard
from bot.people.switch import unfreeze_keyboard
from fundraising.money import Money
from fundraising.paying.news import WarnLowFloat
from fundraising.people.news import AskSecondOwner, TellFrozen, TellKeyMade, TellNgoSaved, TellRoleChange, TellUnfrozen
from fundraising.people.roles import Role
from letters.books import balance
from letters.language import Language
from letters.people import admins, api_keys, ngos, switch
from letters.stops import because


class PeopleNotifier(Notifier):
    async def tell_frozen(self, job: TellFrozen, _attempt: int) -> datetime | None:
        standing = (await self._use_cases.paying.switch.state()).stops
        told = [stop for stop in standing if job.stop_id in (0, stop.id)]
        if not told:
            return None
        person = await self._use_cases.staff.of_chat(job.chat_id)
        may_open = person is not None and person.may(Role.OWNER)
        return await self._send(
            job.chat_id,
            lambda _: (switch.frozen(_, because(_, told)), unfreeze_keyboard(_) if may_open else None),
        )

    async def tell_unfrozen(self, job: TellUnfrozen, _attempt: int) -> datetime | None:
        if (await self._use_cases.paying.switch.state()).is_frozen:
            return None
        names = {person.id: person.name for person in await self._use_cases.staff.all()}
        by = [names.get(person or 0, "?") for person in (job.first, job.second)]
        return await self._send(job.chat_id, lambda _: (switch.unfrozen(_, by, job.held), None))

    async def tell_role_change(self, job: TellRoleChange, _attempt: int) -> datetime | None:
        said = await self._use_cases.staff.change(job.change_id)
        return await self._send(job.chat_id, lambda _: (admins.told(_, said), None))

    async def tell_ngo_saved(self, job: TellNgoSaved, _attempt: int) -> datetime | None:
        ngo = await self._use_cases.ngos.find(job.ngo_id)
        names = {person.id: person.name for person in await self._use_cases.staff.all()}
        by = names.get(job.by or 0)
        return await self._send(job.chat_id, lambda _: (ngos.saved_by(_, ngo, by), None))

    async def tell_key_made(self, job: TellKeyMade, _attempt: int) -> datetime | None:
        key = await self._use_cases.api_keys.find(job.key_id)
        return None if key.revoked_at else await self._send(job.chat_id, lambda _: (api_keys.made(_, key), None))

    async def warn_low_float(self, job: WarnLowFloat, _attempt: int) -> datetime | None:
        return await self._send(job.chat_id, lambda _: (balance.low_float(_, Money(job.available_minor)), None))

    async def ask_second_owner(self, job: AskSecondOwner, _attempt: int) -> datetime | None:
        if job.subject == "unfreeze":
            return await self._ask_to_unfreeze(job.chat_id)
        waiting = await self._use_cases.staff.waiting()
        proposal = next((each for each in waiting if each.id == job.subject_id), None)
        if proposal is None:
            return None
        return await self._send(
            job.chat_id, lambda _: (admins.please_confirm(_, proposal), confirm_keyboard(_, proposal))
        )

    async def _ask_to_unfreeze(self, chat_id: int) -> datetime | None:
        state = await self._use_cases.paying.switch.state()
        if state.unfreeze_asked_by is None:
            return None
        return await self._send(
            chat_id, lambda _: (switch.please_agree(_, because(_, state.stops)), unfreeze_keyboard(_))
        )

    async def _send(
        self, chat_id: int, say: Callable[[Language], tuple[str, InlineKeyboardMarkup | None]]
    ) -> datetime | None:
        async def send(_: Language) -> None:
            text, keyboard = say(_)
            await self._bot.send_message(chat_id, text, reply_markup=keyboard)

        return await self._delivery.in_language(chat_id, send)
