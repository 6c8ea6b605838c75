import pytest

from mpesa.masking import mask_checkout_id, remark


def test_a_checkout_id_keeps_its_beginning_and_loses_the_payers_number() -> None:
    masked = mask_checkout_id("ws_CO_14032026091512345712000111")
    assert masked == "ws_CO_140320260…"


def test_a_short_id_stays() -> None:
    assert mask_checkout_id("ws_CO_1") == "ws_CO_1"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Bad Request - Invalid BusinessShortCode", "Bad Request - Invalid BusinessShortCode"),
        ("Duplicate OriginatorConversationID.", "Duplicate OriginatorConversationID."),
        ("Invalid Access Token - 0Zx9Yw8Vu7Ts6Rq5Po4Nm3Lk2Ji1", "Invalid Access Token - …"),
        ("Invalid Access Token - abcdefghijklmnopqrstuvwxyzab", "Invalid Access Token - …"),
        ("no phone 0712000111 or 254712000111", "no phone … or …"),
        ("two\nlines\t here", "two lines here"),
        ("x " * 500, "x " * 99 + "x"),
    ],
)
def test_a_remark_keeps_the_words_and_loses_numbers_and_tokens(text: str, kept: str) -> None:
    assert remark(text) == kept


def test_what_is_no_text_is_no_remark() -> None:
    assert remark(None) == remark(7) == remark({"a": 1}) == ""
