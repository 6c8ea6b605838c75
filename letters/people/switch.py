"""The switch that stops all payouts."""

from letters.language import Language


def frozen(_: Language, because: str) -> str:
    return _(
        "🧊 Payouts are frozen: {because}. Nothing is sent until two owners press Unfreeze or type /unfreeze. Gifts go "
        "on as usual.",
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


def unfrozen(_: Language) -> str:
    return _("✅ Payouts are no longer frozen. What was held back is sent now.")
