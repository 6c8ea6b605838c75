"""What stands for a refusal: a text, or a function where something of the refusal is named in it."""

from collections.abc import Callable
from html import unescape
from typing import Any

from fundraising.refusals import Refused
from letters.language import Language

Sentence = str | Callable[[Language, Any], str]
Sentences = dict[type[Refused], Sentence]


def written(_: Language, sentence: Sentence, refused: Refused) -> str:
    """Plain text."""
    return unescape(_(sentence) if isinstance(sentence, str) else sentence(_, refused))
