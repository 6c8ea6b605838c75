"""The reader's language. What a text says in English is also its name in the catalogues."""

from gettext import GNUTranslations, NullTranslations
from html import escape
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
LOCALE = Path(__file__).with_name("locale")


class Language:
    """Called with an English text, gives it in this language as HTML, with every value escaped."""

    def __init__(self, code: str, words: NullTranslations):
        self.code, self._words = code, words

    def __call__(self, message: str, **values: object) -> str:
        return fill(self._words.gettext(message), values)

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        return fill(self._words.ngettext(one, many, count), {"count": count, **values})


def fill(text: str, values: dict[str, object]) -> str:
    return text.format(
        **{name: value if isinstance(value, int) else escape(str(value), quote=False) for name, value in values.items()}
    )


def noted(message: str) -> str:
    """Marks a text for the catalogues where it stands in a table and is translated later."""
    return message


def load(folder: Path) -> dict[str, Language]:
    """English needs no catalogue; every other language is one `<code>/LC_MESSAGES/messages.po`."""
    languages = {ENGLISH: Language(ENGLISH, NullTranslations())}
    for path in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        code = path.parts[-3]
        languages[code] = Language(code, read(path))
    return languages


def read(path: Path) -> GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.parts[-3]))
    compiled.seek(0)
    return GNUTranslations(compiled)


LANGUAGES = load(LOCALE)


def translate(code: str | None) -> Language:
    """The language of an IETF tag such as `sw-KE`; English where there is no catalogue."""
    return LANGUAGES.get((code or ENGLISH).lower().split("-")[0], LANGUAGES[ENGLISH])
