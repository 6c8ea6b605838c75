"""What requests and answers look like, with the phone number that Safaricom's sandbox gives for trying things out."""

from typing import Any

from pydantic import BaseModel

from webhooks.api import bulk, campaigns, donations, donors, ngos, payouts

PHONE = "254708374149"
DONATION = {
    "donor_id": 1,
    "campaign_id": 1,
    "amount": 500,
    "currency": "KES",
    "payment_method": "mpesa",
    "phone_number": PHONE,
}
DONATION_SHOWN = {
    "id": 2,
    "status": "completed",
    "payment_intent_id": "ws_CO_191220191020363925",
    "amount": 500,
    "currency": "KES",
    "payment_method": "mpesa",
    "phone_number": "2547••••4149",
    "receipt": "TKM1AB2CD3",
    "campaign_id": 1,
    "donor_id": 1,
    "reference": "TVAB2CD3EF4G",
    "needs_review": None,
    "failure_reason": None,
    "message": "Received.",
    "created_at": "2025-11-22T07:21:01Z",
    "completed_at": "2025-11-22T07:21:15Z",
}
CAMPAIGN = {"title": "Clean water for Turkana", "goal": 250000, "currency": "KES", "story": "Three boreholes."}
CAMPAIGN_SHOWN = {
    **CAMPAIGN,
    "id": 1,
    "slug": "clean-water-for-turkana",
    "status": "open",
    "raised_amounts": {"KES": 60500},
    "paid_amounts": {"KES": 0},
    "reserved_amounts": {"KES": 50000},
    "available_amounts": {"KES": 10500},
    "donors": 2,
}
RECIPIENT = {"recipient_phone": PHONE, "recipient_name": "Turkana Water Trust", "amount": 50000}
PAYOUT = {
    "campaign_id": 1,
    "ngo_id": 1,
    **RECIPIENT,
    "currency": "KES",
    "purpose": "First borehole",
    "remarks": "Borehole one",
}
PAYOUT_SHOWN = {
    **PAYOUT,
    "id": 1,
    "batch_id": None,
    "recipient_mpesa_name": "TURKANA WATER TRUST",
    "recipient_name_differs": False,
    "payment_method": "mpesa_b2c",
    "conversation_id": "AG_20251122_00004e1a2b3c4d5e6f7a",
    "originator_conversation_id": "K4X7Q2M9B6T3Z5H2N7A",
    "transaction_id": "TKM2EF3GH4",
    "status": "completed",
    "status_message": "Paid.",
    "failure_reason": None,
    "needs_review": None,
    "requested_by": "Web shop",
    "approvals": [{"name": "Treasurer", "approved_at": "2025-11-22T08:05:00Z"}],
    "approvals_needed": 1,
    "created_at": "2025-11-22T08:00:00Z",
    "completed_at": "2025-11-22T08:05:03Z",
}
BULK = {
    "campaign_id": 1,
    "payouts": [
        {"ngo_id": 1, "amount": 20000},
        {"recipient_phone": "254712345678", "recipient_name": "Akinyi Otieno", "amount": 1500},
    ],
}
TABLE = "name,phone,amount,purpose\nAkinyi Otieno,0712345678,1500,School desks\n"
NGO = {"name": "Turkana Water Trust", "phone_number": PHONE}
EXAMPLES: dict[type[BaseModel], dict[str, Any]] = {
    donations.DonationIn: DONATION,
    donations.DonationOut: DONATION_SHOWN,
    campaigns.CampaignIn: CAMPAIGN,
    campaigns.CampaignOut: CAMPAIGN_SHOWN,
    campaigns.CampaignAdded: {**CAMPAIGN_SHOWN, "same_title_as": []},
    payouts.PayoutIn: PAYOUT,
    payouts.PayoutOut: PAYOUT_SHOWN,
    payouts.RejectionIn: {"reason": "The invoice is missing"},
    bulk.BulkIn: BULK,
    ngos.NgoIn: NGO,
    ngos.NgoOut: {"id": 1, **NGO},
    donors.DonorIn: {"name": "Wanjiku Kamau", "email": "wanjiku@example.com"},
    donors.DonorOut: {"id": 1, "name": "Wanjiku Kamau", "created_at": "2025-11-22T07:00:00Z"},
}
JUST_MADE: dict[type[BaseModel], dict[str, Any]] = {
    donations.DonationOut: {
        "status": "pending",
        "receipt": None,
        "message": "Waiting for M-Pesa.",
        "completed_at": None,
    },
    payouts.PayoutOut: {
        "status": "pending",
        "recipient_mpesa_name": None,
        "recipient_name_differs": None,
        "conversation_id": None,
        "originator_conversation_id": None,
        "transaction_id": None,
        "status_message": "Waiting for approval.",
        "approvals": [],
        "completed_at": None,
    },
}
