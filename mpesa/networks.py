"""Whose a Kenyan mobile number was when it was handed out. M-Pesa is Safaricom's.

Numbers may be taken along to another network, so this is a reason to ask, never to refuse. After libphonenumber's
carrier data (a test compares the two); the longest prefix counts.
"""

from mpesa.msisdn import Msisdn

SAFARICOM, AIRTEL, TELKOM, OTHER = "Safaricom", "Airtel", "Telkom", ""
PREFIXES = {
    "10": AIRTEL,
    "11": SAFARICOM,
    "12": OTHER,
    "120": TELKOM,
    "13": OTHER,
    "135": AIRTEL,
    "136": AIRTEL,
    "137": AIRTEL,
    "138": AIRTEL,
    "139": AIRTEL,
    "14": SAFARICOM,
    "18": SAFARICOM,
    "70": SAFARICOM,
    "71": SAFARICOM,
    "72": SAFARICOM,
    "73": AIRTEL,
    "74": SAFARICOM,
    "744": OTHER,
    "747": OTHER,
    "75": AIRTEL,
    "757": SAFARICOM,
    "758": SAFARICOM,
    "759": SAFARICOM,
    "76": AIRTEL,
    "761": TELKOM,
    "768": SAFARICOM,
    "769": SAFARICOM,
    "77": TELKOM,
    "78": AIRTEL,
    "79": SAFARICOM,
}


def network_of(phone: Msisdn) -> str | None:
    """OTHER is one of the small ones; None: nobody knows."""
    national = phone.digits[3:]
    return PREFIXES.get(national[:3], PREFIXES.get(national[:2]))


def is_foreign(phone: Msisdn) -> bool:
    """Whether it looks like a number of another network than M-Pesa's."""
    return network_of(phone) not in (SAFARICOM, None)
