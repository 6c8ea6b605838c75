"""`python -m benchmarks [name …]`: the numbers in the README. Servers listen on 127.0.0.1 only."""

import sys
from collections.abc import Callable, Coroutine

import uvloop

from benchmarks import callbacks, closures, growth, startup

BENCHMARKS: dict[str, Callable[[], Coroutine[None, None, None]]] = {
    "closures": closures.main,
    "callbacks": callbacks.main,
    "growth": growth.main,
    "startup": startup.main,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - BENCHMARKS.keys():
        sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        print(f"{name}: {sys.modules[f'benchmarks.{name}'].__doc__}", flush=True)
        uvloop.run(BENCHMARKS[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
