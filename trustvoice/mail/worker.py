"""The worker that sends e-mail, and the mailer that the settings ask for."""

import logging

from fundraising.lanes import MAIL
from fundraising.mailing import MailAboutPayout, MailBatchResult, MailReceipt, MailRecipient
from fundraising.use_cases import UseCases
from storage.database import Database
from storage.jobs import Job
from trustvoice.health import Health
from trustvoice.house import Now
from trustvoice.mail import smtp_url
from trustvoice.mail.mailer import MailDown, Mailer
from trustvoice.mail.notifier import MailNotifier
from trustvoice.settings import Settings
from trustvoice.watched import WatchedMailer
from trustvoice.worker import ALONE, Sharing, Worker

log = logging.getLogger(__name__)


def mail_worker(
    database: Database, now: Now, use_cases: UseCases, mailer: Mailer | None, sharing: Sharing = ALONE
) -> Worker:
    """Few at a time: mail servers mind it otherwise. Without a mailer nothing waits for one: the jobs end."""
    worker = Worker(database, now, MAIL, slots=2, outages=(MailDown,), sharing=sharing)
    if mailer is None:
        for kind in (MailReceipt, MailAboutPayout, MailBatchResult, MailRecipient):
            worker.on(kind, not_mailed)
        return worker
    notifier = MailNotifier(mailer, use_cases, now)
    return (
        worker.on(MailReceipt, notifier.mail_receipt)
        .on(MailAboutPayout, notifier.mail_about_payout)
        .on(MailBatchResult, notifier.mail_batch_result)
        .on(MailRecipient, notifier.mail_recipient)
    )


async def not_mailed(job: Job, _attempt: int) -> None:
    log.info("SMTP_URL is not set, so nobody is told by e-mail: %s", job)


def mailer_of(settings: Settings, health: Health | None = None) -> Mailer | None:
    if settings.smtp_url is None:
        return None
    server = smtp_url.parse(settings.smtp_url.get_secret_value())
    sender = smtp_url.sender_of(settings.mail_from, server)
    return WatchedMailer(server, sender, health) if health else Mailer(server, sender)
