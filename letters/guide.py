"""What the bot says about itself."""

from collections.abc import Mapping

from letters.language import Language


def welcome(_: Language) -> str:
    return _("<b>Karibu!</b> Here you give with M-Pesa. You approve every gift with your own PIN, on your own phone.")


def welcome_back(_: Language) -> str:
    return _(
        "Welcome back. What we could not tell you while this chat was closed to us follows, as far as it still holds, "
        "the newest first."
    )


def explained(_: Language, for_all: Mapping[str, str], with_role: Mapping[str, str]) -> str:
    """What each command is for, by its name."""
    how = _(
        "Choose a campaign, an amount and the M-Pesa number that pays, and press Confirm. M-Pesa then asks for the PIN "
        "on that phone. How it ends, you read here."
    )
    unsure = _("Paid, but no word from us? Send us the code from M-Pesa's message. Never send anyone your PIN.")
    late = _("A gift that did not go through and is taken by M-Pesa all the same counts, and you read it here.")
    told = [how, listed(_, for_all), f"{unsure} {late}"]
    if with_role:
        told.append("\n".join([_("<b>With your role</b>"), listed(_, with_role)]))
    return "\n\n".join(told)


def listed(_: Language, commands: Mapping[str, str]) -> str:
    return "\n".join(f"/{name} – {_(text)}" for name, text in commands.items())


def not_understood(_: Language) -> str:
    return _("Sorry, I did not understand that. /donate starts a gift, /help explains everything.")


def not_understood_file(_: Language) -> str:
    return _(
        "Sorry, we can read text only. Is it M-Pesa's message? Then type or copy the code from it. /donate starts a "
        "gift, /help explains everything."
    )


def only_text(_: Language) -> str:
    return _("Sorry, we can read text only. Nothing is lost; here is the question again.")


def unknown_command(_: Language) -> str:
    return _("Sorry, I do not know that command. /help shows what I can do.")
