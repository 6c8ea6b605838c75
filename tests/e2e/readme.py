"""The README's commands, run as somebody pastes them."""

import asyncio
import json
import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

README = Path(__file__).parents[2] / "README.md"
PASTED_WITHIN_S = 20
# Where there is no curl: what it would have been called with, each part ended by NUL.
SHOWN = "curl() { printf '%s\\0' \"$@\"; }\n"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


def commands(heading: str) -> list[str]:
    """The curl commands below a heading, each with the lines that it goes on in."""
    section = README.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    code = [line for line in section.splitlines() if line.startswith("    ")]
    found: list[str] = []
    for line in textwrap.dedent("\n".join(code)).splitlines():
        if line.startswith("curl "):
            found.append(line)
        else:
            found[-1] += "\n" + line
    return found


async def pasted(command: str, environment: Mapping[str, str]) -> Answer:
    if shutil.which("curl") is None:
        return await without_curl(await said(SHOWN + command, environment))
    body, _, status = (await said(f"{command} -w '\\n%{{http_code}}'", environment)).rpartition("\n")
    return Answer(int(status), json.loads(body))


async def said(script: str, environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", script, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, complaints = await asyncio.wait_for(process.communicate(), PASTED_WITHIN_S)
    assert process.returncode == 0, complaints.decode()
    return out.decode()


async def without_curl(shown: str) -> Answer:
    """Understands what the README uses of curl."""
    words = iter(shown.split("\0")[:-1])
    url, headers, content, method = "", {}, None, "GET"
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            content, method = next(words), "POST"
        elif word == "-X":
            method = next(words)
        elif word != "-sS":
            url = word
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.request(method, url, headers=headers, content=content)
    return Answer(answer.status_code, answer.json())
