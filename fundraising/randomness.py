"""Random names. The bytes are handed in, so that a simulation can own chance."""

from base64 import b32encode
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]  # as secrets.token_bytes


def callback_token(random_bytes: RandomBytes) -> str:
    """256 bits in hex."""
    return random_bytes(32).hex()


def account_reference(random_bytes: RandomBytes) -> str:
    """50 bits as 10 letters and digits A–Z, 2–7. M-Pesa allows 12 and shows them on the prompt."""
    return b32encode(random_bytes(7)).decode()[:10]
