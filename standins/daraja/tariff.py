"""What a payout costs: Safaricom's tariff for bulk payments to registered customers, business pays."""

BANDS = ((100, 0), (1_500, 5), (5_000, 9), (20_000, 11), (250_000, 13))


def fee_of(shillings: int, payout_fee: str) -> int:
    """`payout_fee` is `tariff`, or whole shillings for every payout."""
    if payout_fee != "tariff":
        return int(payout_fee)
    return next((fee for most, fee in BANDS if shillings <= most), BANDS[-1][1])
