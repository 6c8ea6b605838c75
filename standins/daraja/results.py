"""Result codes of an STK push, with the descriptions that callbacks and queries carry."""

PAID = 0
NO_MONEY = 1
RULE_LIMITED = 17
CANCELLED = 1032
NO_ANSWER = 1037
WRONG_PIN = 2001
WRONG_PRODUCT = 2028
STILL_PROCESSING = 4999

DESCRIPTIONS = {
    PAID: "The service request is processed successfully.",
    NO_MONEY: "The balance is insufficient for the transaction.",
    RULE_LIMITED: "Rule limited.",
    CANCELLED: "Request cancelled by user",
    NO_ANSWER: "No response from user.",
    WRONG_PIN: "The initiator information is invalid.",
    WRONG_PRODUCT: "The request is not permitted according to product assignment.",
    STILL_PROCESSING: "The transaction is still under processing",
}

OF_ACT = {"pay": PAID, "no_money": NO_MONEY, "cancel": CANCELLED, "ignore": NO_ANSWER, "wrong_pin": WRONG_PIN}


def description(code: int) -> str:
    return DESCRIPTIONS.get(code, "The request failed.")
