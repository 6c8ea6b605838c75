"""Which reasons M-Pesa can give for a failure: of a prompt, and of a payout."""

from mpesa.codes import TABLES, Heard, Reason


def heard(*where: Heard) -> list[Reason]:
    """And that M-Pesa was not reached at all."""
    given = {row.reason for each in where for row in TABLES[each] if row.reason}
    return sorted({Reason.NOT_REACHED, *given})


OF_GIFTS = heard(Heard.CALLBACK, Heard.QUERY, Heard.ANSWER)
OF_PAYOUTS = heard(Heard.B2C_ANSWER, Heard.B2C_RESULT)
