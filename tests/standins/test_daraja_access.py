"""Access tokens, and what Daraja says to requests it cannot place."""

import httpx
import pytest

from tests.standins.conftest import Caller, Start, with_daraja
from tests.standins.daraja_caller import DarajaCaller
from tests.standins.shapes_recorded import REFUSED, shape

CALLBACK = "https://example.org/hooks/daraja/7f3a"


async def test_a_token_is_given_with_its_life_as_a_string(daraja: DarajaCaller) -> None:
    answer = await daraja.generate()
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == "3599"
    assert answer.json()["access_token"]


async def test_wrong_keys_get_a_400_with_no_body_at_all(daraja: DarajaCaller) -> None:
    url = f"{daraja.url}/oauth/v1/generate?grant_type=client_credentials"
    answer = await daraja.http.get(url, auth=("standin-key", "wrong"))
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize(
    ("query", "headers", "status", "code"),
    [
        ("?grant_type=password", {}, 400, "400.008.02"),
        ("?grant_type=client_credentials", {"Authorization": "Bearer x"}, 400, "400.008.01"),
        ("?grant_type=client_credentials", {}, 404, "404.001.04"),
    ],
)
async def test_a_wrong_way_of_asking_for_a_token_is_named(
    daraja: DarajaCaller, query: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await daraja.http.get(f"{daraja.url}/oauth/v1/generate{query}", headers=headers)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


async def test_an_unknown_or_expired_token_is_invalid(start: Start, caller_of: Caller) -> None:
    options = with_daraja(token_life_s=-1.0)
    daraja = caller_of(await start(options), options)
    for token in ("unknown", (await daraja.generate()).json()["access_token"]):
        daraja.token = token
        answer = await daraja.push(CALLBACK)
        assert answer.status_code == 404
        assert answer.json()["errorCode"] == "404.001.03"
        assert answer.json()["errorMessage"] == "Invalid Access Token"
        assert shape(answer.json()) == shape(REFUSED)


@pytest.mark.parametrize(("ends_old", "status"), [(False, 200), (True, 404)])
async def test_a_new_token_ends_the_old_one_only_when_told(
    start: Start, caller_of: Caller, ends_old: bool, status: int
) -> None:
    options = with_daraja(new_token_ends_old=ends_old)
    daraja = caller_of(await start(options), options)
    await daraja.pushed(CALLBACK, PhoneNumber="254711000001")
    await daraja.generate()
    assert (await daraja.push(CALLBACK, PhoneNumber="254711000002")).status_code == status


async def test_all_tokens_can_be_made_to_expire(daraja: DarajaCaller, start: Start, caller_of: Caller) -> None:
    options = with_daraja()
    standins = await start(options)
    daraja = caller_of(standins, options)
    await daraja.pushed(CALLBACK)
    await standins.expire_tokens()
    assert (await daraja.query("ws_CO_01012025101010124700000001")).status_code == 404


async def test_an_unknown_path_a_wrong_method_and_no_json_have_their_codes(daraja: DarajaCaller) -> None:
    assert code(await daraja.post("nothing/v1/here", {})) == "404.001.01"
    url = f"{daraja.url}/mpesa/stkpush/v1/processrequest"
    assert code(await daraja.http.get(url)) == "405.001"
    headers = {"Authorization": f"Bearer {daraja.token}"}
    assert code(await daraja.http.post(url, content=b"Amount=5", headers=headers)) == "400.002.05"


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errorCode"])
