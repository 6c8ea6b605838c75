"""TrustVoice as a child process against stand-ins of Telegram and M-Pesa, here: no real money, no internet."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from aiohttp import web

import standins.app
from standins.app import Options
from trustvoice.settings.model import NAMES

LOOPBACK = "127.0.0.1"
READY_WITHIN_S = 30
STOPPED_WITHIN_S = 15


class DidNotStart(Exception):
    pass


@dataclass
class Rehearsal:
    folder: Path
    options: Options
    standins_port: int
    server_port: int
    extra: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def page(self) -> str:
        return f"http://{LOOPBACK}:{self.standins_port}"

    @property
    def server(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the person's own settings: neither their environment's nor their .env's."""
        inherited = {name: value for name, value in os.environ.items() if name not in NAMES}
        ours = {
            "TELEGRAM_BOT_TOKEN": self.options.telegram.token,
            "TELEGRAM_API_URL": f"{self.page}/telegram",
            "MPESA_BASE_URL": f"{self.page}/daraja",
            "MPESA_CONSUMER_KEY": self.options.daraja.consumer_key,
            "MPESA_CONSUMER_SECRET": self.options.daraja.consumer_secret,
            "MPESA_SHORTCODE": self.options.daraja.shortcode,
            "MPESA_PASSKEY": self.options.daraja.passkey,
            "MPESA_INITIATOR_NAME": self.options.daraja.initiator_name,
            "MPESA_INITIATOR_PASSWORD": self.options.daraja.initiator_password,
            "MPESA_CERTIFICATE_FILE": str(self.folder / "certificate.pem"),
            "PUBLIC_URL": self.server,
            "PORT": str(self.server_port),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/trustvoice.db",
            "NO_PROXY": LOOPBACK,
        }
        return inherited | ours | dict(self.extra)

    async def start(self) -> None:
        """Returns when the server takes callbacks. Raises DidNotStart."""
        (self.folder / "certificate.pem").write_text(self.options.daraja.certificate_pem)
        with (self.folder / "run.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "trustvoice", "run", env=self.environment, cwd=self.folder, stdout=log, stderr=log
            )
        async with httpx.AsyncClient(trust_env=False) as http:
            for _ in range(READY_WITHIN_S * 20):
                if self.process.returncode is not None:
                    break
                with suppress(httpx.TransportError):
                    if (await http.get(f"{self.server}/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.05)
        raise DidNotStart(self.log())

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), STOPPED_WITHIN_S)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()

    async def command(self, *words: str) -> tuple[int, str]:
        """Exit code and stdout of `trustvoice WORDS` beside the running process."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "trustvoice",
            *words,
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, complaints = await process.communicate()
        return process.returncode or 0, out.decode() or complaints.decode()

    def log(self) -> str:
        return (self.folder / "run.log").read_text()


@asynccontextmanager
async def rehearse(
    folder: Path, options: Options, extra: Mapping[str, str] | None = None, ports: tuple[int, int] = (0, 0)
) -> AsyncIterator[Rehearsal]:
    """Stand-ins and program, both running; `ports` of stand-ins and server are taken where they are free."""
    rehearsal = Rehearsal(folder, options, free_port(ports[0]), free_port(ports[1]), extra or {})
    runner = web.AppRunner(standins.app.build(options), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, rehearsal.standins_port).start()
        await rehearsal.start()
        yield rehearsal
    finally:
        await rehearsal.stop()
        await runner.cleanup()


def free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError:
            return free_port(0)
        port: int = probe.getsockname()[1]
        return port
