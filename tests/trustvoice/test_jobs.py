"""Every kind of job that is ever stored has somebody who handles it."""

from collections.abc import Iterator

from storage.jobs import Job
from tests.trustvoice.env_file import settings
from trustvoice.bootstrap import bootstrap


def kinds_of(base: type[Job]) -> Iterator[str]:
    """Those that nothing is derived from: the others are never stored."""
    derived = [each for each in base.__subclasses__() if not each.__module__.startswith("tests.")]
    for each in derived:
        yield from kinds_of(each)
    if not derived:
        yield base.__name__


async def test_every_kind_of_job_is_handled_by_one_worker() -> None:
    workers = bootstrap(settings(), "k" * 40).workers

    assert sorted(kind for worker in workers for kind in worker.kinds) == sorted(kinds_of(Job))
