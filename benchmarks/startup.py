"""`trustvoice run` against stand-ins of Telegram and M-Pesa: start to ready, and the memory of the idle process."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from standins.app import Options
from trustvoice.rehearsal.child import Rehearsal, rehearse

STARTS, IDLE_SECONDS = 3, 10


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="trustvoice-bench-") as folder:
        async with rehearse(Path(folder), Options()) as rehearsal:
            seconds = [await restart(rehearsal) for _ in range(STARTS)]
            print(f"  start to ready: {median(seconds):.1f} s", flush=True)
            await asyncio.sleep(IDLE_SECONDS)
            assert rehearsal.process
            print(f"  memory of the idle process: {resident_megabytes(rehearsal.process.pid):.0f} MB", flush=True)


async def restart(rehearsal: Rehearsal) -> float:
    await rehearsal.stop()
    begun = time.perf_counter()
    await rehearsal.start()
    return time.perf_counter() - begun


def resident_megabytes(pid: int) -> float:
    """From Linux's /proc, where it stands in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1000
