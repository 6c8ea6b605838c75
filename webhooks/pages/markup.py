"""HTML that stands by itself: no script, nothing fetched, and nothing of anybody's text that is not escaped."""

import base64
import hashlib
from html import escape

import segno

from letters.language import Language

STYLE = """
body{margin:0;background:#f4f6f4;color:#17231c;font:18px/1.5 system-ui,sans-serif}
main{max-width:34em;margin:0 auto;padding:1.25em}
h1{font-size:1.6em;line-height:1.2;margin:.4em 0 .6em;overflow-wrap:anywhere}
svg.bar{display:block;width:100%;height:14px;border-radius:7px;background:#d5ddd7}
.sums{font-size:1.2em;font-weight:700;margin:.5em 0 0}
.story{white-space:pre-line;overflow-wrap:anywhere}
.closed{padding:.8em 1em;border-radius:8px;background:#fff3d6}
a.donate{display:block;padding:.9em;border-radius:8px;background:#0b6b3a;color:#fff;font-weight:700;
text-align:center;text-decoration:none}
figure{margin:1.5em 0;text-align:center;font-size:.85em}
figure svg{width:11em;height:11em}
""".strip()
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
SECURITY = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def document(_: Language, title: str, description: str, body: str) -> str:
    """`title` and `description` are plain text, `body` is HTML."""
    named, told = escape(title), escape(description)
    return (
        f'<!doctype html>\n<html lang="{_.code}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<title>{named}</title>\n'
        f'<meta name="description" content="{told}">\n<meta property="og:title" content="{named}">\n'
        f'<meta property="og:description" content="{told}">\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def bar(percent: int, read_aloud: str) -> str:
    return (
        f'<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label="{escape(read_aloud)}">'
        f'<rect width="{min(max(percent, 0), 100)}" height="1" fill="#0b6b3a"/></svg>'
    )


def qr(link: str) -> str:
    return segno.make(link, error="m", micro=False).svg_inline(border=2, omitsize=True, light="#fff")


def escaped_to_fit(text: str, room_bytes: int) -> str:
    """As HTML of at most so many bytes, and an ellipsis where something had to go."""
    pieces: list[str] = []
    for letter in text:
        piece = escape(letter)
        room_bytes -= len(piece.encode())
        if room_bytes < 0:
            return "".join(pieces).rstrip() + " …"
        pieces.append(piece)
    return "".join(pieces)
