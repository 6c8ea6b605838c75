"""In whose name each number is registered."""

from standins.shapes import Person

FIRST = ("ACHIENG", "BRIAN", "CHEBET", "DAVID", "ESTHER", "FAITH", "GEORGE", "HALIMA", "IRENE", "JOSEPH")
LAST = ("OTIENO", "MWANGI", "KIPROTICH", "WANJIRU", "NJOROGE", "MUTUA", "ODHIAMBO", "ABDI", "CHERONO", "KAMAU")
REGISTERED = {"254712345678": "AKINYI OTIENO"}  # whom every example names


class Names:
    def __init__(self, people: tuple[Person, ...]) -> None:
        self._first = {person.phone: person.first_name.upper() for person in people}

    def of(self, phone: str) -> str:
        if phone in REGISTERED:
            return REGISTERED[phone]
        first = self._first.get(phone) or FIRST[int(phone[-1])]
        return f"{first} {LAST[int(phone[-2])]}"

    def party(self, phone: str) -> str:
        """As M-Pesa's results show a person: number and name."""
        return f"{phone} - {self.of(phone)}"
