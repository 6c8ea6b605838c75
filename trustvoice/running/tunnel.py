"""PUBLIC_URL=auto: the address at which the ngrok agent on this machine lets the internet in."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from fundraising.addresses import Address, CurrentAddress
from trustvoice.settings.checks import web_address
from trustvoice.settings.model import Settings

log = logging.getLogger(__name__)
ASK_EVERY = timedelta(seconds=2)
PATIENCE_S = 3.0


class NoTunnel(Exception):
    """No agent, or none that leads here; the sentence says what to start."""


class Tunnel:
    """Its address is a new one whenever the agent is started again, unless the agent's account has its own domain."""

    def __init__(self, api_url: str, port: int):
        self._tunnels, self._port = f"{api_url}/api/tunnels", port
        self._first = self.address = ""
        self.is_up = False  # by the latest question to the agent

    async def find(self) -> str:
        """Raises NoTunnel."""
        self._first = self.address = await self._ask()
        return self.address

    def following(self, url: str) -> Address:
        """What lies below the address that was found first moves along with it; any other address stays."""
        if not url.startswith(self._first):
            return url
        path = url.removeprefix(self._first)
        return CurrentAddress(lambda: self.address + path)

    async def follow(self, moved: Callable[[], None]) -> None:
        """For ever. Without an agent the last address stays in use: what was sent with it may still arrive."""
        while True:
            await asyncio.sleep(ASK_EVERY.total_seconds())
            was_up = self.is_up
            try:
                address = await self._ask()
            except NoTunnel as gone:
                if was_up:
                    log.warning("%s Until then %s stays in use, and what is sent there is lost.", gone, self.address)
                continue
            if address != self.address:
                log.warning("the tunnel moved from %s to %s", self.address, address)
                self.address = address
                moved()
            elif not was_up:
                log.info("the tunnel is back at %s", address)

    async def _ask(self) -> str:
        self.is_up = False
        advice = f"Start the tunnel with: ngrok http {self._port}"
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as http:
                answer = (await http.get(self._tunnels)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            why = f"no ngrok agent answers at {self._tunnels} ({type(error).__name__})"
            raise NoTunnel(f"PUBLIC_URL is auto, but {why}. {advice}") from error
        for address in sorted(leading_to(self._port, answer), key=lambda address: not address.startswith("https://")):
            self.is_up = True
            return address
        raise NoTunnel(f"PUBLIC_URL is auto, but no tunnel of the ngrok agent leads to port {self._port}. {advice}")


def leading_to(port: int, answer: Any) -> Iterator[str]:
    """The web addresses of the agent's tunnels to our port; what has another shape is passed over."""
    tunnels = answer.get("tunnels") if isinstance(answer, dict) else None
    for tunnel in tunnels if isinstance(tunnels, list) else []:
        try:
            if port_of(tunnel["config"]["addr"]) == port:
                yield web_address(tunnel["public_url"])
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


def port_of(target: str) -> int | None:
    """Of `http://localhost:8001`, `localhost:8001` or `8001`."""
    return int(target) if target.isdecimal() else urlsplit(target if "://" in target else f"//{target}").port


def through_tunnel(settings: Settings) -> tuple[Settings, Tunnel | None]:
    """With the address found, where PUBLIC_URL is auto. Not inside a running loop. Raises NoTunnel."""
    if not settings.finds_public_url:
        return settings, None
    tunnel = Tunnel(settings.ngrok_api_url, settings.port)
    return settings.model_copy(update={"public_url": asyncio.run(tunnel.find())}), tunnel
