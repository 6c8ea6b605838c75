"""What M-Pesa's accounts hold, and the switch that stops all payouts."""

from fundraising.money import Money
from fundraising.paying.float import Held
from fundraising.paying.switch import State
from letters.language import Language
from letters.treasury.payouts import moment


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
    stopped = [frozen_line(_, state.frozen_because)] if state.frozen_because else []
    return "\n".join([_("<b>Our accounts at M-Pesa</b>"), *told, *stopped, "", asked])


def frozen_line(_: Language, because: str) -> str:
    return _("🧊 Payouts are frozen: {because}", because=because)


def low_float(_: Language, available: Money) -> str:
    return _(
        "⚠️ The M-Pesa account that pays holds only {available}. Payouts fail when it is empty: please fill it up.",
        available=available,
    )


def frozen(_: Language, because: str) -> str:
    return _(
        "🧊 Payouts are frozen: {because}. Nothing is sent until two owners press Unfreeze or type /unfreeze. Gifts go "
        "on as usual.",
        because=because,
    )


def now_frozen(_: Language) -> str:
    return _("🧊 Payouts are frozen. Nothing is sent until two owners unfreeze them with /unfreeze.")


def by_hand(_: Language, name: str, reason: str) -> str:
    return _("{name} froze them", name=name) + (f": {reason}" if reason else "")


def second_owner_asked(_: Language) -> str:
    return _("Noted. Another owner must agree; payouts stay frozen until then.")


def please_agree(_: Language, because: str) -> str:
    return _(
        "Another owner wants to unfreeze payouts. They were frozen because: {because}. Do you agree?", because=because
    )


def unfrozen(_: Language) -> str:
    return _("✅ Payouts are no longer frozen. What was held back is sent now.")
