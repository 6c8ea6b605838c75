"""The end of `trustvoice run`."""

import asyncio
import fcntl
import os
import signal
import sys
from pathlib import Path

from tests.e2e.waiting import until
from tests.storage.rows import ROOT
from tests.trustvoice.env_file import ENOUGH

CODE = """
import sys
from datetime import timedelta
from trustvoice import run
from trustvoice.cli import main as cli
run.GRANTED = timedelta(seconds=1)
sys.argv = ["trustvoice", "run"]
cli.main()
"""
ENDS_WITHIN_S = 20


async def test_a_process_whose_database_hangs_ends_all_the_same_in_the_time_that_is_granted(tmp_path: Path) -> None:
    path = tmp_path / "trustvoice.db"
    url = {"DATABASE_URL": f"sqlite+aiosqlite:///{path}"}
    environment = {**os.environ, **ENOUGH, **url, "PYTHONPATH": str(ROOT)}
    lock = os.open(f"{path}.lock", os.O_WRONLY | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)  # as another program that writes, and stands still
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", CODE, cwd=tmp_path, env=environment)

    async def has_begun() -> bool:
        return Path(f"{path}.run.lock").exists()

    await until(has_begun, ENDS_WITHIN_S)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(ENDS_WITHIN_S):
        assert await process.wait() == 1
    os.close(lock)
