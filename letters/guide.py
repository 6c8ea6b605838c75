"""What the bot says about itself."""

from letters.language import Language, noted

COMMANDS = {
    "donate": noted("Give to a campaign"),
    "campaigns": noted("Campaigns and how far they are"),
    "history": noted("Your gifts and receipts"),
    "receipt": noted("Your latest receipt, and receipts by e-mail"),
    "cancel": noted("Stop the gift you are putting together"),
    "help": noted("How this works"),
}


def welcome(_: Language) -> str:
    return _("<b>Karibu!</b> Here you give with M-Pesa. You approve every gift with your own PIN, on your own phone.")


def explained(_: Language) -> str:
    how = _(
        "Choose a campaign, an amount and the M-Pesa number that pays, and press Confirm. M-Pesa then asks for the PIN "
        "on that phone. The result comes here, with M-Pesa's receipt."
    )
    commands = "\n".join(f"/{name} – {_(text)}" for name, text in COMMANDS.items())
    unsure = _("Paid, but no word from us? Send us the code from M-Pesa's message. Never send anyone your PIN.")
    late = _("A gift that did not go through and is taken by M-Pesa all the same counts, and you read it here.")
    return f"{how}\n\n{commands}\n\n{unsure} {late}"


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
