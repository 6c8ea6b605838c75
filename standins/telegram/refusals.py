"""A refusal in Telegram's own words and with its own code."""


class Refused(Exception):
    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class BadRequest(Refused):
    def __init__(self, words: str) -> None:
        super().__init__(400, f"Bad Request: {words}")


class Forbidden(Refused):
    def __init__(self, words: str) -> None:
        super().__init__(403, f"Forbidden: {words}")


class Conflict(Refused):
    def __init__(self, words: str) -> None:
        super().__init__(409, f"Conflict: {words}")


class Impossible(Exception):
    """A person cannot do that: the button is not there, the bot is blocked."""
