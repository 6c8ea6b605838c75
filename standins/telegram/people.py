"""The people of Telegram; each has one private chat with the bot."""

from dataclasses import dataclass

from standins.shapes import JsonObject, Person


@dataclass
class User:
    id: int
    first_name: str
    language_code: str
    phone: str
    started: bool = False
    blocked: bool = False

    @classmethod
    def of(cls, person: Person) -> "User":
        return cls(person.user_id, person.first_name, person.language_code, person.phone)

    def as_user(self) -> JsonObject:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }

    def as_chat(self) -> JsonObject:
        return {"id": self.id, "type": "private", "first_name": self.first_name}


def stranger(user_id: int) -> User:
    """Somebody the scene did not introduce; the number is made of the id, as every person has one."""
    return User(user_id, f"Person {user_id}", "en", f"2547{user_id % 100_000_000:08d}")
