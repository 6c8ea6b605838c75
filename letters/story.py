"""What happened to one payment, a line for each event, in Nairobi's time."""

from collections.abc import Callable
from datetime import datetime

from babel.dates import format_datetime

from fundraising import days
from fundraising.audit.story.events import Event, Story, Waiting, What
from fundraising.giving.records import DonationRecord
from fundraising.messages import BY_MAIL, Kind
from fundraising.money import Money
from fundraising.paying.payout import Payout
from letters import states
from letters import story_words as words
from letters.language import Language

STATUSES = {Kind.DONATION: states.DONATIONS, Kind.PAYOUT: states.PAYOUTS}
Line = Callable[[Language, Event], str]


def which(_: Language) -> str:
    return _(
        "What happened to which payment? Press one, or type its number or M-Pesa's code: /trace donation 17, "
        "/trace payout 3, /trace TKM1AB2CD3."
    )


def gift_button(_: Language, record: DonationRecord) -> str:
    gift = record.donation
    status = _(states.DONATIONS[gift.status].words)
    return _("Gift {id} · {amount} · {status}", id=gift.id, amount=gift.amount, status=status)


def payout_button(_: Language, payout: Payout) -> str:
    status = _(states.PAYOUTS[payout.status].words)
    return _("Payout {id} · {amount} · {status}", id=payout.id, amount=payout.amount, status=status)


def lines(_: Language, story: Story) -> list[str]:
    """HTML, as every letter: the head, the events, what is still to do."""
    told = [f"{moment(_, event.at)}  {SENTENCES[event.what](_, event)}" for event in story.events]
    return [head(_, story), *told, *(still_to_do(_, each) for each in story.waiting)]


def head(_: Language, story: Story) -> str:
    title = _("Donation {id}", id=story.id) if story.kind is Kind.DONATION else _("Payout {id}", id=story.id)
    parts = [title, str(story.amount), states.in_words(_, STATUSES[story.kind], story.status)]
    if story.receipt:
        parts.append(_("receipt {receipt}", receipt=story.receipt))
    if story.needs_review:
        parts.append(_("people must look: {why}", why=words.named(_, states.REVIEWS, story.needs_review)))
    return " · ".join(parts)


def moment(_: Language, at: datetime) -> str:
    return format_datetime(days.in_kenya(at), "d MMM y HH:mm:ss", locale=_.code)


def created(_: Language, event: Event) -> str:
    facts = event.facts
    if "recipient" in facts:
        batch = _(" in bulk payout {batch_id}", batch_id=facts["batch_id"]) if facts["batch_id"] else ""
        return _(
            "{by} asked for {amount} from “{campaign}” to {recipient}, {phone}{batch}",
            **{name: facts[name] for name in ("by", "amount", "campaign", "recipient", "phone")},
            batch=batch,
        )
    by = _("Confirm was pressed") if facts["by"] == "chat" else _("Asked for without the chat")
    given = {name: facts[name] for name in ("amount", "campaign", "phone", "reference")}
    return _("{by}: {amount} for “{campaign}” from {phone}, account {reference}", by=by, **given)


def prompted(_: Language, event: Event) -> str:
    how = words.named(_, states.PUSHES, event.facts["push"])
    checkout_id = event.facts["checkout_id"]
    return _("Prompt on the phone: {how}", how=f"{how} ({checkout_id})" if checkout_id else how)


def asked(_: Language, _event: Event) -> str:
    return _("M-Pesa was asked; its answer is not here yet")


def evidence(_: Language, event: Event) -> str:
    facts = event.facts
    said = [words.named(_, words.SAYS, facts["says"]), *map(str, filter(None, (facts["code"], facts["reason"])))]
    said += [str(facts[name]) for name in ("amount", "receipt") if facts[name]]
    source = facts.get("person") or words.named(_, words.SOURCES, facts["source"])
    verdict = words.named(_, words.VERDICTS, facts["verdict"] or "waiting")
    return _("{source}: {said} → {verdict}", source=source, said=", ".join(said), verdict=verdict)


def claimed(_: Language, event: Event) -> str:
    return _("The donor sent the M-Pesa code {code}", code=event.facts["code"])


def settled(_: Language, event: Event) -> str:
    facts = event.facts
    status = states.in_words(_, states.DONATIONS, str(facts["status"]))
    return _("Decided: {status}", status=f"{status} ({facts['reason']})" if facts["reason"] else status)


def suspended(_: Language, event: Event) -> str:
    facts = event.facts
    why = words.named(_, states.REVIEWS, facts["reason"])
    what = {name: facts[name] for name in ("amount", "receipt")}
    return _("{amount} of receipt {receipt} put into suspense: {why}", why=why, **what)


def said(_: Language, event: Event) -> str:
    facts = event.facts
    if facts["campaign"] is None:
        return _("{by} said: it was sent back", by=facts["by"])
    return _("{by} said: it belongs to “{campaign}”", by=facts["by"], campaign=facts["campaign"])


def agreed(_: Language, event: Event) -> str:
    return _("{by} agreed", by=event.facts["by"])


def posted(_: Language, event: Event) -> str:
    amount = event.facts["amount"]
    assert isinstance(amount, Money)
    sign = "+" if amount.minor > 0 else ""
    return _("Books: {account} {amount}", account=event.facts["account"], amount=f"{sign}{amount}")


def approved(_: Language, event: Event) -> str:
    return _("{by} approved it", by=event.facts["by"])


def refused(_: Language, event: Event) -> str:
    status = states.in_words(_, states.PAYOUTS, str(event.facts["status"]))
    return _("{by}: {status}. {reason}", by=event.facts["by"], status=status, reason=event.facts["reason"])


def sent(_: Language, event: Event) -> str:
    facts = event.facts
    ids = ", ".join(str(facts[name]) for name in ("originator_id", "conversation_id") if facts[name])
    state = words.named(_, states.ATTEMPTS, facts["state"])
    return _("Attempt {number}, {ids}: {state}", number=facts["number"], ids=ids, state=state)


def sent_ended(_: Language, event: Event) -> str:
    facts = event.facts
    state = words.named(_, states.ATTEMPTS, facts["state"])
    more = [str(facts[name]) for name in ("reason", "receipt") if facts[name]]
    return _("Attempt {number} ended: {state}", number=facts["number"], state=", ".join([state, *more]))


def completed(_: Language, event: Event) -> str:
    facts = event.facts
    receipt = facts["receipt"] or "–"
    if facts["another_name"]:
        names = {"known": facts["mpesa_name"], "asked": facts["recipient"]}
        return _("Paid, receipt {receipt}. ⚠️ M-Pesa's name: {known}. Asked for: {asked}.", receipt=receipt, **names)
    if facts["mpesa_name"]:
        return _("Paid, receipt {receipt}. M-Pesa's name: {known}", receipt=receipt, known=facts["mpesa_name"])
    return _("Paid, receipt {receipt}", receipt=receipt)


def told(_: Language, event: Event) -> str:
    facts = event.facts
    audience = facts["person"] or words.named(_, words.AUDIENCES, facts["audience"])
    news = str(facts["news"])
    what = words.named(_, words.NEWS, news.removesuffix(BY_MAIL))
    if news.endswith(BY_MAIL):
        return _("Told {audience} by e-mail: {what}", audience=audience, what=what)
    return _("Told {audience}: {what}", audience=audience, what=what)


def still_to_do(_: Language, waiting: Waiting) -> str:
    if waiting.run_at is None:
        return _("Given up after {attempt} tries: {job}", attempt=waiting.attempt, job=waiting.job)
    return _("Still to do, {at}: {job}", at=moment(_, waiting.run_at), job=waiting.job)


SENTENCES: dict[What, Line] = {
    What.CREATED: created,
    What.PROMPTED: prompted,
    What.ASKED: asked,
    What.EVIDENCE: evidence,
    What.CLAIMED: claimed,
    What.SETTLED: settled,
    What.SUSPENDED: suspended,
    What.SAID: said,
    What.AGREED: agreed,
    What.POSTED: posted,
    What.APPROVED: approved,
    What.REFUSED: refused,
    What.SENT: sent,
    What.SENT_ENDED: sent_ended,
    What.COMPLETED: completed,
    What.TOLD: told,
}
