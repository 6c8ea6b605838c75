"""PUBLIC_URL=auto: what the ngrok agent says."""

from dataclasses import dataclass

from trustvoice.doctor.lines import Line, Status
from trustvoice.running.tunnel import NoTunnel, Tunnel
from trustvoice.settings.model import Settings


@dataclass(frozen=True)
class Found:
    settings: Settings  # with the address found
    lines: list[Line]
    wrong: frozenset[str]  # PUBLIC_URL, as long as nobody knows it


async def find(settings: Settings) -> Found:
    """Before everything else: addresses are looked at only when they are known."""
    if not settings.finds_public_url:
        return Found(settings, [], frozenset())
    try:
        address = await Tunnel(settings.ngrok_api_url, settings.port).find()
    except NoTunnel as none:
        found, _, start = str(none).partition(". ")
        return Found(settings, [Line("ngrok", Status.ERROR, found, start)], frozenset({"public_url"}))
    line = Line("ngrok", Status.OK, f"{address} leads to port {settings.port}", "")
    return Found(settings.model_copy(update={"public_url": address}), [line], frozenset())
