"""A Kenyan mobile number. It prints masked, so that it can never slip into a log."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

KENYA = 254
DIGITS = re.compile(r"254[17][0-9]{8}")
# No letters (extensions, 2.54E+11 out of a spreadsheet), no commas or slashes between two numbers.
TYPED = re.compile(r"\(?\+?[\d\s()‐-―-]{9,40}")


class NotAMobileNumber(ValueError):
    """Not one Kenyan mobile number. The text itself is not repeated here."""


@dataclass(frozen=True, slots=True, repr=False)
class Msisdn:
    digits: str  # 2547XXXXXXXX or 2541XXXXXXXX

    def __post_init__(self) -> None:
        if DIGITS.fullmatch(self.digits) is None:
            raise NotAMobileNumber("not the digits of a Kenyan mobile number")

    @classmethod
    def parse(cls, text: str) -> "Msisdn":
        # Numbers pasted from an address book carry invisible marks of writing direction.
        typed = "".join(char for char in text.strip() if unicodedata.category(char) != "Cf").replace("＋", "+")
        if TYPED.fullmatch(typed) is None:
            raise NotAMobileNumber("not a telephone number")
        number = understand(re.sub(r"^\s*00", "+", western(typed)))
        if number.country_code != KENYA or phonenumbers.number_type(number) != PhoneNumberType.MOBILE:
            raise NotAMobileNumber("not a Kenyan mobile number")
        return cls(f"{KENYA}{number.national_number}")

    @property
    def local(self) -> str:
        """0708 374 149, as its owner writes it. For nobody else."""
        return f"0{self.digits[3:6]} {self.digits[6:9]} {self.digits[9:]}"

    def __str__(self) -> str:
        return f"{self.digits[:4]}••••{self.digits[-4:]}"

    def __repr__(self) -> str:
        return f"Msisdn({self})"


def western(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def understand(text: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(text, "KE")
    except phonenumbers.NumberParseException as error:
        raise NotAMobileNumber("not a telephone number") from error
