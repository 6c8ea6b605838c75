import secrets

import pytest

from mpesa.callback_url import refused_words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://ngo.example/webhooks/daraja", []),
        ("https://ngo.example/webhooks/mpesa", ["mpesa"]),
        ("https://pay.M-Pesa-ngo.example/hooks", ["m-pesa"]),
        ("https://SAFARICOM.example/a", ["safaricom"]),
        ("https://ngo.example/execute", ["exe", "exec"]),
        ("https://ngo.example/a.EXE", ["exe"]),
        ("https://ngo.example/a?Query=1", ["query"]),
        ("https://ngo.example/mysql/cmd", ["cmd", "sql"]),
        ("https://ngo.example/%6Dpesa", ["mpesa"]),
    ],
)
def test_words_that_safaricom_refuses_are_found(url: str, words: list[str]) -> None:
    assert refused_words(url) == words


def test_a_token_in_hex_can_spell_none_of_them() -> None:
    assert refused_words(f"https://ngo.example/webhooks/daraja/{secrets.token_hex(32)}") == []
    assert all(set(word) - set("0123456789abcdef") for word in ("mpesa", "exe", "cmd", "sql", "query", "safaricom"))
