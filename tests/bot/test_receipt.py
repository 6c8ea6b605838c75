"""`/receipt`: the latest one in the chat; by e-mail only where mail is sent."""

from tests.bot.world import World
from tests.fakes import callback


async def test_the_latest_receipt_is_shown_and_no_mail_promised_where_none_is_sent(world: World) -> None:
    await world.say("/receipt")
    assert "None of your gifts has arrived yet" in world.last.text
    await world.give()
    await world.hear(callback())
    await world.say("/receipt")
    assert "KES 500 for Water for Turkana\n✅ received, receipt <code>TKM1AAAAAA</code>" in world.last.text
    assert "e-mail" not in world.last.text
    await world.say("/receipt wanjiku@example.org")
    assert world.last.text.startswith("We send no e-mail yet.")
