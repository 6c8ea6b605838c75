import re
from pathlib import Path

import pytest

from tests.trustvoice.env_file import ENOUGH, IN_PRODUCTION, KEY, TOKEN, settings, the_complaint
from trustvoice.settings.loading import SettingsError, load, nothing_set
from trustvoice.settings.model import KNOWN

ON_POSTGRESQL = {"DATABASE_URL": "postgresql+asyncpg://trustvoice:canary-password@db/trustvoice"}
BUY_GOODS = {"MPESA_TRANSACTION_TYPE": "CustomerBuyGoodsOnline"}
HTTP = {"PUBLIC_URL": "http://give.example.org"}
MAKE_ONE = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
PUT_IT = "and put the token it gives you in .env."
EXAMPLE = Path(__file__).parents[2] / ".env.example"

pytestmark = pytest.mark.usefixtures("nothing_set_and_a_folder_to_itself")


def test_what_is_not_set_has_the_documented_default() -> None:
    given = settings()
    assert given.telegram_mode == "polling"
    assert given.admin_telegram_ids == ()
    assert given.mpesa_environment == "sandbox"
    assert given.mpesa_transaction_type == "CustomerPayBillOnline"
    assert (given.host, given.port) == ("127.0.0.1", 8001)
    assert given.database_url == "sqlite+aiosqlite:///data/trustvoice.db"
    assert given.stk_query_schedule == (30, 60, 120, 300, 900, 3600)
    assert (given.stk_negative_gap, given.try_again_after, given.review_after) == (60, 120, 86400)
    assert (given.log_format, given.log_file, given.secret_key) == ("console", None, None)


def test_the_environment_wins_over_the_file_and_is_enough_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "9000")
    assert settings(PORT="8002").port == 9000
    assert load("no-such-file").mpesa_shortcode == "174379"


def test_lists_are_read_with_and_without_spaces() -> None:
    given = settings(ADMIN_TELEGRAM_IDS="1001, 1002", STK_QUERY_SCHEDULE="1,2,3")
    assert given.admin_telegram_ids == (1001, 1002)
    assert given.stk_query_schedule == (1, 2, 3)


def test_a_file_saved_by_notepad_is_read() -> None:
    Path(".env").write_text("".join(f"{name}={value}\r\n" for name, value in ENOUGH.items()), encoding="utf-8-sig")
    assert load().telegram_bot_token.get_secret_value() == TOKEN


def test_the_environment_chooses_mpesas_address_unless_it_is_given() -> None:
    assert settings().mpesa_base_url == "https://sandbox.safaricom.co.ke"
    assert settings(**IN_PRODUCTION).mpesa_base_url == "https://api.safaricom.co.ke"
    assert settings(MPESA_BASE_URL="http://127.0.0.1:9999/").mpesa_base_url == "http://127.0.0.1:9999"


def test_party_b_is_the_till_for_buy_goods_and_the_shortcode_for_a_paybill() -> None:
    assert settings().party_b == "174379"
    assert settings(**BUY_GOODS, MPESA_PARTY_B="5551234").party_b == "5551234"


def test_callbacks_go_below_the_public_url_unless_an_address_is_given() -> None:
    assert settings().stk_callback_url == "https://give.example.org/webhooks/daraja"
    own = settings(MPESA_CALLBACK_URL="https://other.example.org/webhooks/mpesa/")
    assert own.stk_callback_url == "https://other.example.org/webhooks/mpesa"


def test_telegrams_addresses_are_what_python_telegram_bot_expects() -> None:
    given = settings(TELEGRAM_API_URL="http://127.0.0.1:8081/")
    assert given.telegram_base_url == "http://127.0.0.1:8081/bot"
    assert given.telegram_base_file_url == "http://127.0.0.1:8081/file/bot"
    assert given.telegram_webhook_url == "https://give.example.org/webhooks/telegram"


def test_the_database_file_is_known_on_sqlite() -> None:
    assert settings(DATABASE_URL="sqlite+aiosqlite:///data/t.db").database_path == Path("data/t.db")
    assert settings(DATABASE_URL="sqlite+aiosqlite:////srv/t.db").database_path == Path("/srv/t.db")
    on_postgresql = settings(**ON_POSTGRESQL, SECRET_KEY=KEY)
    assert (on_postgresql.is_sqlite, on_postgresql.database_path) == (False, None)


@pytest.mark.parametrize("name", sorted(ENOUGH))
def test_what_is_missing_is_named_with_the_way_to_get_it(name: str) -> None:
    sentence = the_complaint(**{name: ""})
    assert re.fullmatch(rf"{name} is missing\. .{{20,}}", sentence)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        settings(TELEGRAM_BOT_TOKEN="x", MPESA_SHORTCODE="12", PORT="many", PUBLIC_URL="", MPESA_SHORTCDE="1")
    named = {sentence.split()[0] for sentence in refused.value.sentences}
    assert named == {"TELEGRAM_BOT_TOKEN", "MPESA_SHORTCODE", "PORT", "PUBLIC_URL", "MPESA_SHORTCDE"}


@pytest.mark.parametrize("token", ["1001:demo-token", "1:abc", f" {TOKEN} "])
def test_a_bot_token_is_digits_a_colon_and_letters_with_or_without_spaces_around(token: str) -> None:
    assert settings(TELEGRAM_BOT_TOKEN=token).telegram_bot_token.get_secret_value() == token.strip()


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "MPESA_CONSUMER_SECRET", "MPESA_SHORTCODE", "SECRET_KEY"])
@pytest.mark.parametrize("placeholder", ["changeme", "Change-Me", "your-value-here", "<value>", "   "])
def test_a_placeholder_left_in_is_refused(name: str, placeholder: str) -> None:
    assert the_complaint(**{name: placeholder}).startswith(f"{name} holds a placeholder instead of a value. ")
    assert the_complaint(PUBLIC_URL="https://your-domain.com").startswith("PUBLIC_URL holds a placeholder")


@pytest.mark.parametrize(
    ("complaint", "given"),
    [
        ("is not a bot token, which is digits", "TELEGRAM_BOT_TOKEN=abc TELEGRAM_BOT_TOKEN=1001:ab"),
        ("is not a bot token", "TELEGRAM_BOT_TOKEN=1001:abc/def TELEGRAM_BOT_TOKEN=x1001:abcdef"),
        ("must be polling or webhook.", "TELEGRAM_MODE=push"),
        ("must be sandbox or production.", "MPESA_ENVIRONMENT=live"),
        ("must be console or json.", "LOG_FORMAT=xml"),
        ("must be CustomerPayBillOnline or CustomerBuyGoodsOnline.", "MPESA_TRANSACTION_TYPE=PayBill"),
        ("must be a whole number above 0.", "PORT=80a REVIEW_AFTER=-1 STK_NEGATIVE_GAP=1.5 TRY_AGAIN_AFTER=0"),
        ("must be at most 65535.", "PORT=65536"),
        ("must be whole numbers above 0, separated by commas.", "STK_QUERY_SCHEDULE=30,0 STK_QUERY_SCHEDULE=30;60"),
        ("must be whole numbers above 0, separated by commas.", "ADMIN_TELEGRAM_IDS=@amina ADMIN_TELEGRAM_IDS=1,"),
        ("must be 5 to 7 digits.", "MPESA_SHORTCODE=1743 MPESA_SHORTCODE=17437912 MPESA_SHORTCODE=17437x"),
        ("must be 5 to 9 digits.", "MPESA_PARTY_B=till"),
        ("must be an address that begins with http:// or https://", "PUBLIC_URL=a.org PUBLIC_URL=ftp://a.org"),
        ("must be an address that begins with http:// or https://", "PUBLIC_URL=https://a.org/?a TELEGRAM_API_URL=me"),
        ("must be an address that begins with http:// or https://", "MPESA_BASE_URL=me MPESA_CALLBACK_URL=/webhooks"),
        ("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://.", "DATABASE_URL=t.db DATABASE_URL=mysql://t"),
        ("begins with sqlite://; write sqlite+aiosqlite:// instead.", "DATABASE_URL=sqlite:///t.db"),
        ("begins with postgres://; write postgresql+asyncpg:// instead.", "DATABASE_URL=postgres://db/t"),
        ("begins with postgresql://; write postgresql+asyncpg:// instead.", "DATABASE_URL=postgresql://db/t"),
        (
            "must name a file, after three slashes",
            "DATABASE_URL=sqlite+aiosqlite:// DATABASE_URL=sqlite+aiosqlite://d/t",
        ),
        ("must name a file, after three slashes", "DATABASE_URL=sqlite+aiosqlite:///:memory:"),
        ("must name a file, after three slashes", "DATABASE_URL=sqlite+aiosqlite:///t.db?mode=ro"),
        ("must be at least 32 characters long. Make one with: python3 -c", f"SECRET_KEY={'k' * 31}"),
        ("is easily guessed: it repeats itself", f"SECRET_KEY={'a' * 40} SECRET_KEY={'maji-safi-water-' * 3}"),
        ("is easily guessed: it repeats itself", f"SECRET_KEY={'abcdefg' + 'g' * 33}"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_a_sentence(complaint: str, given: str) -> None:
    for name, _, value in (one.partition("=") for one in given.split()):
        assert the_complaint(**{name: value}).startswith(f"{name} {complaint}")


@pytest.mark.parametrize(
    ("complaint", "together"),
    [
        ("MPESA_PARTY_B is missing, and CustomerBuyGoodsOnline needs it. It is the number of the till", BUY_GOODS),
        ("MPESA_SHORTCODE is the sandbox's 174379, but MPESA_ENVIRONMENT", {"MPESA_ENVIRONMENT": "production"}),
        ("PUBLIC_URL must begin with https:// in production.", IN_PRODUCTION | HTTP),
        (
            "MPESA_CALLBACK_URL must begin with https:// in production.",
            IN_PRODUCTION | {"MPESA_CALLBACK_URL": "http://a"},
        ),
        ("PUBLIC_URL must begin with https:// when TELEGRAM_MODE is webhook.", {"TELEGRAM_MODE": "webhook"} | HTTP),
        (f"SECRET_KEY is missing, and on PostgreSQL it has to be set. {MAKE_ONE}", ON_POSTGRESQL),
    ],
)
def test_values_that_do_not_go_together_are_refused_in_a_sentence(complaint: str, together: dict[str, str]) -> None:
    assert the_complaint(**together).startswith(complaint)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("MPESA_PASSKEY", "bfb279\u200bf9aa", "holds a character that nobody can see (U+200B): type it"),
        ("MPESA_CONSUMER_SECRET", "secret\u202e", "holds a character that nobody can see (U+202E)"),
        ("MPESA_INITIATOR_PASSWORD", "pass\u00a0word", "holds a character that nobody can see (U+00A0)"),
        ("SECRET_KEY", f"{KEY}\ufeff", "holds a character that nobody can see (U+FEFF)"),
        ("TELEGRAM_BOT_TOKEN", f"{TOKEN}\u2060", "holds a character that nobody can see (U+2060)"),
        ("PUBLIC_URL", "https://give.example\u00ad.org", "holds a character that nobody can see (U+00AD)"),
        ("PUBLIC_URL", "https://give.example.org /bot", "must be an address"),
        ("TELEGRAM_API_URL", "https://api\t.telegram.org", "must be an address"),
        ("MPESA_PASSKEY", "bfb279 f9aa", "holds a blank or a letter with an accent"),
        ("MPESA_CONSUMER_KEY", "clé", "holds a blank or a letter with an accent"),
    ],
)
def test_what_cannot_be_seen_in_a_value_is_refused(name: str, value: str, complaint: str) -> None:
    sentence = the_complaint(**{name: value})
    assert sentence.startswith(f"{name} {complaint}")
    assert "bfb279" not in sentence


def test_production_sends_keys_over_https_only() -> None:
    refused = the_complaint(**IN_PRODUCTION, MPESA_BASE_URL="http://api.safaricom.co.ke")
    assert refused.startswith("MPESA_BASE_URL must begin with https:// in production")
    assert settings(**IN_PRODUCTION, MPESA_BASE_URL="http://localhost:9999").mpesa_base_url == "http://localhost:9999"
    assert settings(MPESA_BASE_URL="http://daraja.test").mpesa_base_url == "http://daraja.test"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("pgbouncer=true", "has the option pgbouncer, which is not known here: take it away."),
        ("sslmode=on", "must have sslmode as one of disable, allow, prefer, require, verify-ca, verify-full."),
        ("sslmode=require&sslmode=disable", "has the option sslmode twice."),
        ("connect_timeout=soon", "must have connect_timeout as a whole number."),
    ],
)
def test_an_option_of_postgresql_that_is_not_understood_is_refused_by_name(options: str, complaint: str) -> None:
    sentence = the_complaint(DATABASE_URL=f"{ON_POSTGRESQL['DATABASE_URL']}?{options}", SECRET_KEY=KEY)
    assert sentence.startswith(f"DATABASE_URL {complaint}")


@pytest.mark.parametrize("word", ["mpesa", "Safaricom", "exe", "exec", "cmd", "sql", "query"])
@pytest.mark.parametrize("name", ["PUBLIC_URL", "MPESA_CALLBACK_URL"])
def test_production_refuses_words_that_safaricom_refuses(name: str, word: str) -> None:
    sentence = the_complaint(**IN_PRODUCTION, **{name: f"https://{word}.example.org"})
    assert sentence.startswith(f'{name} contains "{word}", which Safaricom refuses in callback addresses.')


def test_the_sandbox_takes_the_path_that_existing_set_ups_use() -> None:
    assert settings(MPESA_CALLBACK_URL="https://give.example.org/webhooks/mpesa").stk_callback_url.endswith("/mpesa")


def test_a_callback_url_of_its_own_frees_the_public_url_to_contain_any_word() -> None:
    given = settings(
        **IN_PRODUCTION, PUBLIC_URL="https://mpesa.example.org", MPESA_CALLBACK_URL="https://give.example.org/in"
    )
    assert given.stk_callback_url == "https://give.example.org/in"


def test_telegrams_webhook_takes_http_from_a_bot_api_on_this_machine() -> None:
    given = settings(TELEGRAM_MODE="webhook", TELEGRAM_API_URL="http://localhost:8081", **HTTP)
    assert given.telegram_webhook_url == "http://give.example.org/webhooks/telegram"


def test_a_misspelt_name_gets_the_closest_known_one() -> None:
    for name, meant in {"TELEGRAM_TOKEN": "TELEGRAM_BOT_TOKEN", "mpesa_env": "MPESA_ENVIRONMENT"}.items():
        expected = f"{name.upper()} in .env is not a setting of TrustVoice. Did you mean {meant}?"
        assert the_complaint(**{name: "canary"}) == expected
    assert the_complaint(MPESA_ZZZZ="1").endswith("Remove it; .env.example lists the names.")


def test_names_of_other_programs_are_let_through() -> None:
    assert settings(SENTRY_DSN="x", PAYOUT_DAY="friday").port == 8001


def test_no_secret_is_printed_with_the_settings() -> None:
    given = settings(**ON_POSTGRESQL, SECRET_KEY="canary-of-the-key-0123456789abcdefgh")
    assert "canary" not in f"{given} {given!r}".lower()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "canary"),
        ("SECRET_KEY", "canary"),
        ("MPESA_PASSKEY", "<canary>"),
        ("DATABASE_URL", "postgres://u:canary@db/t"),
        ("DATABASE_URL", "postgresql+asyncpg://u:canary:canary@db:canary/t"),
        ("PORT", "x"),
    ],
)
def test_no_secret_is_printed_with_a_refusal(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(**{name: value})
    assert "canary" not in f"{refused.value} {refused.value!r} {refused.value.sentences}".lower()


def test_nothing_is_set_until_one_of_our_names_has_a_value() -> None:
    assert nothing_set({"PATH": "/bin", "HOST": "laptop", "PORT": "5000", "MPESA_PASSKEY": ""})
    assert not nothing_set({"MPESA_PASSKEY": "x"})
    Path(".env").write_text("MPESA_SHORTCODE=174379\n")
    assert not nothing_set({})


def test_the_example_lists_every_setting_once_with_one_line_above_it() -> None:
    text = EXAMPLE.read_text()
    listed = re.findall(r"(?m)^#[^#\n]+[.;)]\n(?:# )?([A-Z0-9_]+)=", text)
    assert len(re.findall(r"(?m)^(?:# )?[A-Z0-9_]+=", text)) == len(listed)
    assert sorted(listed) == sorted(KNOWN)


def test_the_examples_defaults_are_the_programs() -> None:
    defaults = dict(re.findall(r"(?m)^# ([A-Z0-9_]+)=(.+)$", EXAMPLE.read_text()))
    assert "PORT" in defaults
    assert settings(**defaults) == settings()


def test_the_example_copied_as_it_is_asks_for_what_only_its_owner_has() -> None:
    with pytest.raises(SettingsError) as refused:
        load(EXAMPLE)
    assert refused.value.sentences[0].endswith(" is missing. Talk to @BotFather in Telegram, send /newbot, " + PUT_IT)
    missing = [sentence.partition(" is missing. ")[0] for sentence in refused.value.sentences]
    assert missing == ["TELEGRAM_BOT_TOKEN", "MPESA_CONSUMER_KEY", "MPESA_CONSUMER_SECRET", "PUBLIC_URL"]
