"""Which addresses only this machine can reach."""

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
