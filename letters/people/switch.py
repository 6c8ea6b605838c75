"""The switch that stops all payouts."""

from letters.language import Language


def frozen(_: Language, because: str) -> str:
    return _(
        "🧊 Payouts are frozen: {because}. Payouts can be asked for and approved, but nothing is sent until two owners "
        "press Unfreeze or type /unfreeze. Gifts go on as usual.",
        because=because,
    )


def now_frozen(_: Language) -> str:
    return _("🧊 Payouts are frozen. Nothing is sent until two owners unfreeze them with /unfreeze.")


def second_owner_asked(_: Language) -> str:
    return _("Noted. Another owner must agree; payouts stay frozen until then.")


def please_agree(_: Language, because: str) -> str:
    return _(
        "Another owner wants to unfreeze payouts. They were frozen because: {because}. Do you agree?", because=because
    )


def now_unfrozen(_: Language) -> str:
    return _("🔓 Payouts are no longer frozen. What was held back is sent now.")


def unfrozen(_: Language, by: list[str], held: int) -> str:
    first, second = by
    opened = _("🔓 Payouts are no longer frozen: {first} and {second} opened them.", first=first, second=second)
    if not held:
        return f"{opened} {_('Nothing was held back.')}"
    now = _.plural("{count} payout goes out now.", "{count} payouts go out now.", held)
    return f"{opened} {now}"
