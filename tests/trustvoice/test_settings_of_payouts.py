"""Paying out is configured whole or not at all; what is set halfway is told before any money waits for it."""

import base64
import logging
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mpesa.credential import fingerprint
from tests.mpesa.test_credential import CURVE, DER, PEM, certificate, opened
from tests.trustvoice.env_file import IN_PRODUCTION, settings, the_complaint
from trustvoice.settings.loading import SettingsError, security_credential

pytestmark = pytest.mark.usefixtures("nothing_set_and_a_folder_to_itself")

PASSWORD = "Canary#Pass%26&$"
READY_MADE = base64.b64encode(b"canary" * 42 + b"more").decode()
NAME = {"MPESA_INITIATOR_NAME": "testapi"}
BY_CREDENTIAL = NAME | {"MPESA_SECURITY_CREDENTIAL": READY_MADE}
BY_PASSWORD = NAME | {"MPESA_INITIATOR_PASSWORD": PASSWORD, "MPESA_CERTIFICATE_FILE": "portal.cer"}
UNLESS = "is missing, and payouts need it, unless MPESA_SECURITY_CREDENTIAL is set."


@pytest.fixture(autouse=True)
def _certificate(nothing_set_and_a_folder_to_itself: None) -> None:
    Path("portal.cer").write_bytes(PEM)


def complaints(**more: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        settings(**more)
    return refused.value.sentences


def test_what_is_not_set_has_the_documented_default() -> None:
    given = settings()
    assert not given.pays_out
    assert given.mpesa_b2c_version == "v3"
    assert given.payout_approvals == ((0, 1),)
    assert given.approval_expires == 259200
    assert given.status_query_schedule == (60, 120, 300, 900, 3600)
    assert given.low_float == 0


def test_the_shortcode_that_takes_gifts_pays_out_unless_another_one_is_given() -> None:
    assert settings().b2c_shortcode == "174379"
    assert settings(MPESA_B2C_SHORTCODE="600978").b2c_shortcode == "600978"


def test_results_go_below_the_public_url_unless_an_address_is_given() -> None:
    given = settings()
    assert given.b2c_result_url == "https://give.example.org/webhooks/daraja/b2c/result"
    assert given.b2c_timeout_url == "https://give.example.org/webhooks/daraja/b2c/timeout"
    assert given.status_result_url == "https://give.example.org/webhooks/daraja/status/result"
    assert given.balance_result_url == "https://give.example.org/webhooks/daraja/balance/result"
    own = settings(
        MPESA_B2C_RESULT_URL="https://a.example.org/r/", MPESA_B2C_QUEUE_TIMEOUT_URL="https://a.example.org/t"
    )
    assert (own.b2c_result_url, own.b2c_timeout_url) == ("https://a.example.org/r", "https://a.example.org/t")


def test_a_ready_made_credential_is_used_as_it_is() -> None:
    given = settings(**BY_CREDENTIAL)
    assert given.pays_out
    assert security_credential(given) == READY_MADE


def test_a_ready_made_credential_copied_with_line_breaks_becomes_one_line() -> None:
    broken = "\n".join(READY_MADE[start : start + 64] for start in range(0, 344, 64))
    assert security_credential(settings(**NAME, MPESA_SECURITY_CREDENTIAL=broken)) == READY_MADE


def test_a_ready_made_credential_is_used_instead_of_password_and_certificate() -> None:
    assert security_credential(settings(**BY_PASSWORD, MPESA_SECURITY_CREDENTIAL=READY_MADE)) == READY_MADE


@pytest.mark.parametrize("encoded", [PEM, DER], ids=["PEM", "DER"])
def test_a_credential_is_made_of_password_and_certificate(encoded: bytes) -> None:
    Path("portal.cer").write_bytes(encoded)
    given = settings(**BY_PASSWORD)
    assert given.pays_out
    assert opened(security_credential(given)) == PASSWORD


def test_the_certificates_fingerprint_is_logged_and_the_password_is_not(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    security_credential(settings(**BY_PASSWORD))
    [line] = caplog.messages
    assert fingerprint(PEM) in line
    assert PASSWORD not in line


def test_a_name_alone_is_refused_with_a_sentence_for_each_thing_missing() -> None:
    password, file = complaints(**NAME)
    assert password.startswith(f"MPESA_INITIATOR_PASSWORD {UNLESS} ")
    assert file.startswith(f"MPESA_CERTIFICATE_FILE {UNLESS} Download it from Safaricom's portal")


def test_password_and_certificate_need_each_other() -> None:
    assert the_complaint(**NAME, MPESA_INITIATOR_PASSWORD=PASSWORD).startswith(f"MPESA_CERTIFICATE_FILE {UNLESS}")
    assert the_complaint(**NAME, MPESA_CERTIFICATE_FILE="portal.cer").startswith(f"MPESA_INITIATOR_PASSWORD {UNLESS}")


@pytest.mark.parametrize("name", ["MPESA_INITIATOR_PASSWORD", "MPESA_CERTIFICATE_FILE", "MPESA_SECURITY_CREDENTIAL"])
def test_whatever_belongs_to_an_initiator_is_refused_without_its_name(name: str) -> None:
    sentence = the_complaint(**{name: (BY_PASSWORD | BY_CREDENTIAL)[name]})
    assert sentence.startswith(f"{name} is set, but MPESA_INITIATOR_NAME is missing, and payouts need both.")


@pytest.mark.parametrize("given", [READY_MADE, f"{READY_MADE[:100]}\n{READY_MADE[100:]}"], ids=["whole", "broken"])
def test_a_ready_made_credential_given_as_password_is_refused_with_the_name_it_belongs_to(given: str) -> None:
    sentence = the_complaint(**BY_PASSWORD | {"MPESA_INITIATOR_PASSWORD": given})
    assert sentence.startswith("MPESA_INITIATOR_PASSWORD holds a security credential, not a password; ")
    assert "write it to MPESA_SECURITY_CREDENTIAL instead." in sentence


def test_a_password_given_as_ready_made_credential_is_refused_and_is_the_only_complaint() -> None:
    sentence = the_complaint(**NAME, MPESA_SECURITY_CREDENTIAL=PASSWORD)
    assert sentence.startswith("MPESA_SECURITY_CREDENTIAL is not base64, so it is no security credential.")


def test_a_certificate_that_cannot_be_read_or_used_is_refused_by_name() -> None:
    Path("text.cer").write_text("hello")
    Path("curve.cer").write_bytes(certificate(CURVE).public_bytes(Encoding.PEM))
    said = {
        "no.cer": "no.cer cannot be read: No such file or directory.",
        ".": ". cannot be read: Is a directory.",
        "text.cer": "text.cer cannot be used: this is not an X.509 certificate, neither PEM nor DER.",
        "curve.cer": "curve.cer cannot be used: this certificate's public key is not an RSA key.",
    }
    for path, complaint in said.items():
        sentence = the_complaint(**BY_PASSWORD | {"MPESA_CERTIFICATE_FILE": path})
        assert sentence.startswith(f"MPESA_CERTIFICATE_FILE {complaint} Download it from Safaricom's portal")


def test_a_certificate_that_went_away_since_is_told_in_a_sentence() -> None:
    given = settings(**BY_PASSWORD)
    Path("portal.cer").unlink()
    with pytest.raises(SettingsError, match=r"^No security credential can be made: portal\.cer cannot be read"):
        security_credential(given)


def test_a_password_too_long_for_the_certificate_is_told_in_a_sentence_without_it() -> None:
    given = settings(**BY_PASSWORD | {"MPESA_INITIATOR_PASSWORD": "#canary" * 40})
    with pytest.raises(SettingsError, match=r"password is empty or too long for this certificate\.$") as refused:
        security_credential(given)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("2", ((0, 2),)),
        ("0:1", ((0, 1),)),
        ("1,50000:2,200000:3", ((0, 1), (50000, 2), (200000, 3))),
        (" 1 , 50000:2 ", ((0, 1), (50000, 2))),
    ],
)
def test_approvals_are_people_by_amount(given: str, understood: tuple[tuple[int, int], ...]) -> None:
    assert settings(PAYOUT_APPROVALS=given).payout_approvals == understood


@pytest.mark.parametrize(
    "given",
    [
        *("0", "-1", "1.5", "two", "1,", ",1", "1;500:2", "1:2:3", "١"),
        *("1,2", "50000:2", "1,50000:0", "1,0:2", "1,500:2,500:3", "1,500:2,100:3", "1,50,000:2", "1,2:50000"),
    ],
)
def test_approvals_that_leave_an_amount_without_people_or_read_two_ways_are_refused(given: str) -> None:
    assert the_complaint(PAYOUT_APPROVALS=given).startswith(
        "PAYOUT_APPROVALS must be like 1, or like 1,50000:2 for two"
    )


def test_a_low_mark_is_whole_shillings_or_nothing() -> None:
    assert settings(LOW_FLOAT="20000").low_float == 20000
    assert settings(LOW_FLOAT="0").low_float == 0
    for given in ("-1", "1.5", "many"):
        assert the_complaint(LOW_FLOAT=given).startswith("LOW_FLOAT must be a whole number")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("MPESA_B2C_VERSION", "v2", "must be v3 or v1."),
        ("MPESA_B2C_SHORTCODE", "6009", "must be 5 to 7 digits."),
        ("APPROVAL_EXPIRES", "0", "must be a whole number above 0."),
        ("STATUS_QUERY_SCHEDULE", "60,x", "must be whole numbers above 0, separated by commas."),
        ("MPESA_B2C_RESULT_URL", "/result", "must be an address that begins with http:// or https://"),
        ("MPESA_B2C_QUEUE_TIMEOUT_URL", "/timeout", "must be an address that begins with http:// or https://"),
        ("MPESA_INITIATOR_NAME", "<name>", "holds a placeholder instead of a value."),
        ("MPESA_INITIATOR_PASSWORD", "changeme", "holds a placeholder instead of a value."),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_a_sentence(name: str, value: str, complaint: str) -> None:
    assert the_complaint(**BY_PASSWORD | {name: value}).startswith(f"{name} {complaint}")


@pytest.mark.parametrize("name", ["MPESA_B2C_RESULT_URL", "MPESA_B2C_QUEUE_TIMEOUT_URL"])
def test_production_wants_result_addresses_that_safaricom_takes(name: str) -> None:
    assert the_complaint(**IN_PRODUCTION, **{name: "http://a.org"}).startswith(f"{name} must begin with https://")
    assert the_complaint(**IN_PRODUCTION, **{name: "https://a.org/mpesa"}).startswith(f'{name} contains "mpesa"')


def test_status_and_balance_results_bind_the_public_url_once_payouts_are_on() -> None:
    elsewhere = IN_PRODUCTION | {"MPESA_CALLBACK_URL": "https://a.org/in", "PUBLIC_URL": "https://mpesa.example.org"}
    assert not settings(**elsewhere).pays_out
    assert the_complaint(**elsewhere, **BY_PASSWORD).startswith('PUBLIC_URL contains "mpesa"')


def test_no_secret_of_the_initiator_is_printed() -> None:
    given = settings(**BY_PASSWORD, MPESA_SECURITY_CREDENTIAL=READY_MADE)
    assert "Canary" not in f"{given} {given!r}"
    assert READY_MADE[:20] not in f"{given} {given!r}"
    for refused in (BY_PASSWORD | {"MPESA_INITIATOR_NAME": ""}, NAME | {"MPESA_SECURITY_CREDENTIAL": PASSWORD}):
        assert "Canary" not in "".join(complaints(**refused))
