"""Safaricom refuses callback URLs that contain certain words, in any case, in the host as well as in the path."""

from urllib.parse import unquote

REFUSED = ("mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query")


def refused_words(url: str) -> list[str]:
    plain = unquote(url).lower()
    return [word for word in REFUSED if word in plain]
