"""No bucket promises more than it holds; promises are those of open payouts; every cause balances."""

from collections.abc import Iterator

from tests.simulation.eye import Eye

BELOW_ZERO = ("outside", "fees", "receivable:")
BALANCES = """
    SELECT account, currency, sum(max(minor, 0)), sum(max(-minor, 0)) FROM postings GROUP BY 1, 2
    EXCEPT SELECT account, currency, in_minor, out_minor FROM balances
"""


def bucket_problems(eye: Eye) -> Iterator[str]:
    promised = eye.promised()
    total = 0
    for account, came, went, held in eye.balances():
        total += came - went
        if held != promised.get(account, 0):
            yield f"{account} has {held} promised, its open payouts need {promised.get(account, 0)}"
        if not 0 <= held <= max(came - went, 0):
            yield f"{account} promises {held} and holds {came - went}"
        if came < went and not account.startswith(BELOW_ZERO):
            yield f"{account} is {went - came} below zero"
    if total:
        yield f"all accounts together hold {total}: money was made or lost"


def posting_problems(eye: Eye) -> Iterator[str]:
    for cause, currency, minor in eye.all(
        "SELECT cause, currency, sum(minor) FROM postings GROUP BY 1, 2 HAVING sum(minor)"
    ):
        yield f"the postings of {cause} add up to {minor} in {currency}"
    for account, *_ in eye.all(BALANCES):
        yield f"the balance of {account} is not what its postings say"
