"""How this Telegram is set up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TelegramOptions:
    """`retry_first_s` doubles with each failed delivery up to `retry_max_s`."""

    token: str = ":".join(("7000000001", "AAStandInTokenThatOpensNothing00000"))
    username: str = "trustvoice_demo_bot"
    name: str = "TrustVoice"
    retry_first_s: float = 0.5
    retry_max_s: float = 5.0
    webhook_timeout_s: float = 30.0
    query_life_s: float = 900.0

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])
