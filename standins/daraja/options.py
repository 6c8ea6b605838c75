"""How this Daraja is set up, and the windows of time that M-Pesa keeps; tests and the demo shorten them."""

from dataclasses import dataclass, field
from typing import Literal

from standins.daraja.keys import KeyPair


@dataclass(frozen=True)
class DarajaOptions:
    """The shortcode and the passkey are those that Safaricom publishes for its sandbox.

    `lock_s`: how long an open prompt keeps a second push off the same phone. `repeat_s`: how long the same amount from
    the same phone is refused by result 17. Callbacks are delivered once unless `callback_retries` says otherwise.
    `b2c_shortcode`: empty when payouts leave the same shortcode. `payout_fee`: `tariff`, or whole shillings a payout.
    `float_shillings`: what the Utility Account begins with.
    """

    consumer_key: str = "standin-key"
    consumer_secret: str = "".join(("standin-", "secret"))
    shortcode: str = "174379"
    passkey: str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
    business: str = "TrustVoice"
    pin: str = "1234"
    lock_s: float = 60.0
    repeat_s: float = 120.0
    prompt_life_s: float = 60.0
    token_life_s: float = 3599.0
    new_token_ends_old: bool = False
    refuse_words_in_urls: bool = True
    pending_answer: Literal["processing", "4999"] = "processing"
    callback_timeout_s: float = 30.0
    callback_retries: int = 0
    callback_retry_pause_s: float = 1.0
    b2c_shortcode: str = ""
    initiator_name: str = "testapi"
    initiator_password: str = "".join(("Standin", "#2026"))
    float_shillings: int = 1_000_000
    payout_fee: str = "tariff"
    result_delay_s: float = 0.05
    keys: KeyPair = field(default_factory=KeyPair, repr=False, compare=False)

    @property
    def paying_shortcode(self) -> str:
        return self.b2c_shortcode or self.shortcode

    @property
    def certificate_pem(self) -> str:
        return self.keys.certificate_pem
