"""Does the mail server let us in? Nothing is sent."""

import aiosmtplib

from trustvoice.doctor.lines import Finding, error, ok
from trustvoice.doctor.patient import Check, Patient
from trustvoice.mail.mailer import client_to, in_short, remedy_of
from trustvoice.mail.smtp_url import SmtpServer, parse

STEP_S = 10.0
TRY_LATER = "Check SMTP_URL, and whether a firewall lets this machine reach that port. Until then mail waits."


async def look(patient: Patient) -> list[Finding]:
    url = patient.settings.smtp_url
    if url is None:
        return [ok("is off: SMTP_URL is not set, news and receipts go to Telegram only")]
    return [await enter(parse(url.get_secret_value()))]


async def enter(server: SmtpServer) -> Finding:
    """As far as logging in."""
    where = f"{server.host}:{server.port}"
    client = client_to(server, step_s=STEP_S)
    try:
        await client.connect()
        await client.ehlo()
        await client.quit()
    except (aiosmtplib.SMTPException, OSError) as failed:
        return error(f"{where} does not let us in: {in_short(failed)}", remedy_of(failed) or TRY_LATER)
    finally:
        client.close()
    return ok(f"{where} lets us in{f' as {server.user}' if server.user else ''}")


CHECK = Check("e-mail", look, needs=("smtp_url",), within_s=30.0)
