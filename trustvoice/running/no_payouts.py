"""Payouts without an initiator: M-Pesa is never called, and every attempt is refused for what it is."""

from mpesa.b2c import B2cAccepted, B2cPayment
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome
from mpesa.questions import BalanceQuestion, StatusQuestion

NOT_CONFIGURED = Failed(Reason.CONFIGURATION, "", "MPESA_INITIATOR_NAME is not set")


class NoPayouts:
    async def b2c(self, _payment: B2cPayment) -> Outcome[B2cAccepted]:
        return NOT_CONFIGURED

    async def transaction_status(self, _question: StatusQuestion) -> Outcome[str]:
        return NOT_CONFIGURED

    async def account_balance(self, _question: BalanceQuestion) -> Outcome[str]:
        return NOT_CONFIGURED
