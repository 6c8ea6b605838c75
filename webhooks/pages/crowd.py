"""A campaign that many look at in the same moment is looked up once: counting a busy one's donors takes long."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from fundraising.ledger.progress import Progress
from fundraising.refusals import NoSuchCampaign

SLUG = re.compile(r"[a-z0-9-]{1,60}")


class Crowd:
    def __init__(self, by_slug: Callable[[str], Awaitable[Progress]]):
        self._by_slug = by_slug
        self._running: dict[str, asyncio.Task[Progress]] = {}

    async def by_slug(self, slug: str) -> Progress:
        """Raises NoSuchCampaign."""
        if not SLUG.fullmatch(slug):
            raise NoSuchCampaign
        if slug not in self._running:
            self._running[slug] = asyncio.create_task(self._look_up(slug))
        return await asyncio.shield(self._running[slug])  # whoever goes away leaves it to the others

    async def _look_up(self, slug: str) -> Progress:
        try:
            return await self._by_slug(slug)
        finally:
            del self._running[slug]
