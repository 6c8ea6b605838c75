"""Cells of a file for a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """A spreadsheet carries out what begins like a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
