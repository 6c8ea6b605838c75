"""What M-Pesa's accounts hold."""

from fundraising.money import Money
from fundraising.paying.float import Held
from fundraising.stops import State
from letters.language import Language
from letters.stops import because
from letters.times import moment


def balance(_: Language, held: list[Held], state: State) -> str:
    lines = [
        _(
            "{account}: <b>{available}</b> ({moment})",
            account=f"{each.account} {each.shortcode}".strip(),
            available=each.available,
            moment=moment(_, each.seen_at),
        )
        for each in held
    ]
    told = lines or [_("M-Pesa has not told us yet.")]
    asked = _("M-Pesa is asked anew; press Refresh in a few seconds for its answer.")
    stopped = [frozen_line(_, state)] if state.is_frozen else []
    return "\n".join([_("<b>Our accounts at M-Pesa</b>"), *told, *stopped, "", asked])


def frozen_line(_: Language, state: State) -> str:
    return _("🧊 Payouts are frozen: {because}", because=because(_, state.stops))


def low_float(_: Language, available: Money) -> str:
    return _(
        "⚠️ The M-Pesa account that pays holds only {available}. Payouts fail when it is empty: please fill it up.",
        available=available,
    )
