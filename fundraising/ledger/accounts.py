"""The chart of accounts."""

FEES = "fees"  # what M-Pesa kept for sending: below zero by what it cost
OUTSIDE = "outside"  # everybody's own M-Pesa: the one account that is below zero
SUSPENSE = "suspense"


def campaign_account(campaign_id: int) -> str:
    return f"campaign:{campaign_id}"


def returned_account(campaign_id: int) -> str:
    """What was credited to the campaign and then was not its own: it lowers what was raised."""
    return f"returned:{campaign_id}"


def receivable_account(campaign_id: int) -> str:
    """Below zero by what left M-Pesa for this campaign without being covered."""
    return f"receivable:{campaign_id}"
