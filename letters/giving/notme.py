"""For whoever is asked for payments that somebody else began."""

from letters.language import Language, noted

NEVER = noted("Never ask my phone")
ALLOW = noted("Ask my phone again")


def how_to_prove(_: Language) -> str:
    return _(
        "Does M-Pesa ask on your phone for gifts that you did not begin? Nothing is paid without your PIN: press "
        "cancel there. To stop it for good, share your number with the button below, then send /notme again."
    )


def never(_: Language) -> str:
    return _("M-Pesa will not ask on your phone for us any more, whoever types your number. Is that what you want?")


def refused(_: Language) -> str:
    return _("✅ M-Pesa does not ask on your phone for us any more, whoever types your number.")


def allowed(_: Language) -> str:
    return _("Your phone may be asked again. /donate starts a gift.")
