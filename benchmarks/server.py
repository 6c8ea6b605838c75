"""The server under load, a process of its own. Prints the port on 127.0.0.1 that it listens on.

`python -m benchmarks.server trustvoice` is TrustVoice's web application, set by the environment, without workers:
nobody is written to. `parser` only parses the JSON and answers: what TrustVoice is held against.
"""

import asyncio
import json
import os
import sys

import uvloop
from aiohttp import web

from benchmarks.stock import SECRET_KEY
from trustvoice.bootstrap import bootstrap
from trustvoice.run import collect_garbage_rarely, listen
from trustvoice.settings.loading import load
from trustvoice.watching import logs
from webhooks.door import Door


async def serve_trustvoice() -> None:
    logs.configure("console")  # a line for each batch, as always
    program = bootstrap(load(os.devnull), SECRET_KEY)
    program.database.hold()
    runner = web.AppRunner(program.web)
    await listen(runner, Door(), "127.0.0.1", 0)
    await say_where(runner)


async def serve_parser() -> None:
    parser = web.Application()
    parser.router.add_post("/webhooks/daraja/{token}", parse_and_answer)
    await serve(parser)


async def parse_and_answer(request: web.Request) -> web.Response:
    json.loads(await request.read())
    return web.Response(body=b'{"ResultCode":0,"ResultDesc":"Accepted"}', content_type="application/json")


async def serve(application: web.Application) -> None:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await say_where(runner)


async def say_where(runner: web.AppRunner) -> None:
    collect_garbage_rarely()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


SERVERS = {"trustvoice": serve_trustvoice, "parser": serve_parser}

if __name__ == "__main__":
    uvloop.run(SERVERS[sys.argv[1]]())
