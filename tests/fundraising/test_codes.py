"""M-Pesa's code in what people write."""

import pytest

from fundraising.giving.codes import codes_in, is_nothing_but_a_code, sum_in
from fundraising.money import Money

CODE = "TKM1AB2CD3"
SMS = (
    "TKM1AB2CD3 Confirmed. Ksh2,500.00 sent to TRUSTVOICE for account 7DT7HT3Y4S on 22/11/26 at 1:05 PM New M-PESA "
    "balance is Ksh120.00. Transaction cost, Ksh0.00.Amount you can transact within the day is 497,500.00."
)
KISWAHILI = (
    "TKM1AB2CD3 Imethibitishwa. Ksh2,500.00 imetumwa kwa TRUSTVOICE kwa akaunti 7DT7HT3Y4S tarehe 22/11/26 saa 1:05 PM."
)


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        "tkm1ab2cd3",
        "Tkm1Ab2cD3",
        " TKM1AB2CD3\n",
        "TKM1AB2CD3.",
        "(TKM1AB2CD3)",
        "“TKM1AB2CD3”",
        "*TKM1AB2CD3*",
        "code:TKM1AB2CD3",
        "I paid! TKM1AB2CD3",
        "i paid!tkm1ab2cd3",
        "nimelipa tkm1ab2cd3, tafadhali angalia",
        "Mpesa ref TKM1AB2CD3 KES 500",
        "is it TKM1AB2CD3?",
        "TKM1AB2\u200bCD3",
        "\u202aTKM1AB2CD3\u202c",
        "ＴＫＭ１ＡＢ２ＣＤ３",
        SMS,
        SMS.lower(),
        SMS.replace(" ", "\u00a0"),
        KISWAHILI,
        f"Fwd: {SMS}",
        f"{CODE} {CODE.lower()}",
    ],
)
def test_a_code_is_found_wherever_it_stands(text: str) -> None:
    assert codes_in(text) == [CODE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "500",
        "hello there",
        "KES1500000",
        "Ksh1500000",
        "CONFIRMING",
        "0708374149",
        "my password is wanjiku123 ok",
        "TKM1AB2CD",
        "TKM1AB2CD34",
        "xTKM1AB2CD3",
        "Imethibitishwa",
        "254708374149",
    ],
)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert codes_in(text) == []


def test_of_two_messages_both_codes_are_found() -> None:
    assert codes_in(f"{SMS}\n\n{SMS.replace(CODE, 'TKM9ZZ8YY7')}") == [CODE, "TKM9ZZ8YY7"]


def test_a_flood_of_codes_is_cut() -> None:
    assert len(codes_in(" ".join(f"TKM1AB2C{number:02}" for number in range(99)))) == 3


@pytest.mark.parametrize("text", [SMS, KISWAHILI, CODE, f"{CODE}.", "tkm1ab2cd3"])
def test_a_message_of_mpesa_is_told_from_a_sentence_about_it(text: str) -> None:
    assert is_nothing_but_a_code(text)
    assert not is_nothing_but_a_code(f"paid twice, see {CODE}")


def test_the_sum_that_the_message_names() -> None:
    assert sum_in(SMS) == sum_in(KISWAHILI) == Money.shillings(2_500)
    assert sum_in(CODE) is None
    assert sum_in("Ksh12.50") is None
