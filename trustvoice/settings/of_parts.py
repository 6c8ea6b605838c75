"""What each part of the house is told of the settings: in its own words, nothing that it does not need."""

from datetime import timedelta

from fundraising.addresses import Address
from fundraising.giving.donations import GivingSettings
from fundraising.money import Money
from fundraising.paying.requests import PayingSettings
from fundraising.people.limits import PromptLimits
from mpesa.client import DarajaSettings
from trustvoice.running.tunnel import Tunnel
from trustvoice.settings.model import Settings


def giving_settings(settings: Settings, tunnel: Tunnel | None) -> GivingSettings:
    return GivingSettings(
        callback_url=reached_at(settings.stk_callback_url, tunnel),
        query_schedule=tuple(timedelta(seconds=s) for s in settings.stk_query_schedule),
        review_after=timedelta(seconds=settings.review_after),
        negative_gap=timedelta(seconds=settings.stk_negative_gap),
        try_again_after=timedelta(seconds=settings.try_again_after),
        sends_mail=settings.smtp_url is not None,
        asks_about_codes=settings.pays_out,
        limits=prompt_limits(settings),
    )


def prompt_limits(settings: Settings) -> PromptLimits:
    return PromptLimits(
        by_donor=settings.prompts_per_donor,
        for_phone=settings.prompts_per_phone,
        for_stranger=settings.prompts_to_stranger,
        strangers_of_donor=settings.strangers_per_donor,
        by_key=settings.prompts_per_key,
        by_all=settings.prompts_per_minute,
        pauses=tuple(timedelta(seconds=s) for s in settings.prompt_pauses),
    )


def paying_settings(settings: Settings, tunnel: Tunnel | None) -> PayingSettings:
    return PayingSettings(
        result_url=reached_at(settings.b2c_result_url, tunnel),
        timeout_url=reached_at(settings.b2c_timeout_url, tunnel),
        status_url=reached_at(settings.status_result_url, tunnel),
        balance_url=reached_at(settings.balance_result_url, tunnel),
        quorum=tuple((Money.shillings(least), people) for least, people in settings.payout_approvals),
        quorum_window=timedelta(seconds=settings.quorum_window),
        cap_per_day=Money.shillings(settings.payout_cap_per_day) if settings.payout_cap_per_day else None,
        approval_expires=timedelta(seconds=settings.approval_expires),
        query_schedule=tuple(timedelta(seconds=s) for s in settings.status_query_schedule),
        review_after=timedelta(seconds=settings.review_after),
        remembers_ids=settings.mpesa_b2c_version == "v3",
        low_float=Money.shillings(settings.low_float),
        shortcodes=(settings.mpesa_shortcode, settings.party_b, settings.b2c_shortcode),
        collects_on=settings.mpesa_shortcode if settings.mpesa_shortcode != settings.b2c_shortcode else None,
    )


def daraja_settings(settings: Settings) -> DarajaSettings:
    return DarajaSettings(
        base_url=settings.mpesa_base_url,
        consumer_key=settings.mpesa_consumer_key.get_secret_value(),
        consumer_secret=settings.mpesa_consumer_secret.get_secret_value(),
        shortcode=settings.mpesa_shortcode,
        passkey=settings.mpesa_passkey.get_secret_value(),
        transaction_type=settings.mpesa_transaction_type,
        party_b=settings.party_b,
    )


def reached_at(url: str, tunnel: Tunnel | None) -> Address:
    return tunnel.following(url) if tunnel else url
