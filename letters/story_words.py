"""The words of a payment's story: how the rules' own names read to people."""

from collections.abc import Mapping

from letters.language import Language, noted

SOURCES = {
    "callback": noted("M-Pesa's callback"),
    "push": noted("M-Pesa's answer to the prompt"),
    "query": noted("M-Pesa, asked"),
    "claim": noted("M-Pesa, asked about the donor's code"),
    "answer": noted("M-Pesa's answer to our request"),
    "result": noted("M-Pesa's result"),
    "timeout": noted("M-Pesa did not process it in time"),
    "status": noted("M-Pesa, asked"),
    "people": noted("people"),
}
SAYS = {
    "succeeded": noted("paid"),
    "paid": noted("paid"),
    "failed": noted("not paid"),
    "unreadable": noted("paid, but not readably how much"),
    "unknown": noted("not known"),
}
VERDICTS = {
    "credited": noted("credited"),
    "credited late": noted("credited, after it had failed"),
    "paid": noted("booked as paid"),
    "failed": noted("failed"),
    "suspended": noted("kept in suspense"),
    "corrected": noted("the books were corrected"),
    "receipt attached": noted("the receipt was attached"),
    "noted": noted("noted, not enough to decide by"),
    "nothing new": noted("nothing new"),
    "hint": noted("⚠️ not proven to come from M-Pesa: only a hint"),
    "unmatched": noted("⚠️ names nothing that we know"),
    "stuck": noted("⚠️ could not be settled: the log says why"),
    "waiting": noted("waits to be settled"),
}
AUDIENCES = {
    "donor": noted("the donor"),
    "owners": noted("an owner"),
    "checker": noted("who decides"),
    "staff": noted("those concerned"),
    "recipient": noted("the recipient"),
}
NEWS = {
    "completed": noted("it is paid"),
    "completed_late": noted("it was paid after all"),
    "receipt": noted("M-Pesa's receipt"),
    "failed": noted("it failed"),
    "suspended": noted("money arrived that does not fit"),
    "suspense": noted("money arrived that does not fit"),
    "no_word": noted("M-Pesa has not said how it ended"),
    "asking": noted("M-Pesa is being asked"),
    "no_answer": noted("M-Pesa reached nobody, which is not final"),
    "corrected": noted("the books were corrected"),
    "twice": noted("its receipt is in the books for another gift"),
    "configuration": noted("M-Pesa refuses how we are set up"),
    "claim": noted("the donor sent an M-Pesa code"),
    "try_again": noted("the button Try again"),
    "request": noted("the request with Approve and Reject"),
    "decision": noted("what was decided"),
    "decided": noted("what two people decided about money that did not fit"),
    "result": noted("the result as a file"),
    "rejected": noted("it was rejected"),
    "cancelled": noted("it was cancelled"),
    "expired": noted("nobody decided in time"),
    "needs_review": noted("people must look at it"),
    "approved": noted("it was approved"),
    "processing": noted("it is with M-Pesa"),
}


def named(_: Language, table: Mapping[str, str], name: object) -> str:
    """In words; a name that nobody put into words, as it is."""
    text = table.get(str(name))
    return _(text) if text else str(name)
