"""Which callback addresses Daraja takes."""

import re
from urllib.parse import urlsplit

from standins.addresses import is_this_machine
from standins.daraja.refusals import invalid

# Safaricom's portal: "avoid" these "or any variant", in either case, anywhere in the address.
REFUSED = re.compile(r"m-?pesa|safaricom|exe|cmd|sql|query", re.IGNORECASE)


def check(url: object, refuse_words: bool, field: str = "CallBackURL") -> str:
    if not isinstance(url, str) or not is_address(url):
        raise invalid(field)
    if refuse_words and REFUSED.search(url):
        raise invalid(field)
    return url


def is_address(url: str) -> bool:
    """HTTPS, or plain HTTP to this machine, which only a stand-in can reach."""
    try:
        address = urlsplit(url)
        host = address.hostname or ""
    except ValueError:
        return False
    if address.scheme == "http":
        return is_this_machine(host)
    return address.scheme == "https" and "." in host and not any(c.isspace() for c in url)
