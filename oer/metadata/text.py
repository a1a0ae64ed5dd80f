"""Text from outside, made plain: Unicode NFC, no control characters, no markup, tidy white space.

What comes out is text, never HTML: a template must still escape it. Records hold HTML in their
descriptions, entities escaped once or twice, and mathematics with a bare ``<``; only what is
surely markup is taken for markup ("the <b> tag" is a text about HTML).
"""

import html
import re
import unicodedata

import nh3

MAX_LENGTH = 200_000
"""Longer texts are cut: no description is that long, and everything after costs by length."""

_ELEMENTS = (
    "a|abbr|article|aside|b|big|blockquote|body|br|button|center|cite|code|dd|del|details|dfn|div|"
    "dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|inf|"
    "input|ins|kbd|label|li|link|main|map|mark|math|meta|nav|noscript|object|ol|p|pre|q|s|samp|"
    "script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|"
    "tfoot|th|thead|title|tr|tt|u|ul|var|video|audio|jats:[a-z-]+|mml:[a-z-]+|o:p"
)
_TAG = re.compile(rf"</?(?:{_ELEMENTS})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_MARKUP = re.compile(
    rf"</(?:{_ELEMENTS})\s*>|<(?:br|hr|img)(?:\s[^<>]*|/)?>|^\s*<p(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_OTHER_ANGLE = re.compile(rf"<(?!/?(?:{_ELEMENTS})(?:[\s/][^<>]*)?>|!--)", re.IGNORECASE)
_PREFIXED = re.compile(r"(</?)(?:jats|mml|o):", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|center|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|"
    r"li|main|nav|ol|p|pre|section|table|tr|ul|title|sec)(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
_LINE = re.compile(r"<br(?:\s[^<>]*|/)?>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)

_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_LEVELS = 8
"""How often escaped markup may be escaped again before we stop looking."""

# C0 and C1 controls, soft hyphen, zero-width space, word joiner, byte order mark, bidi embeddings
# and overrides, lone surrogates, non-characters. The (non-)joiners U+200C/D are spelling in
# Persian and in emoji, and stay.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
_MANY_NEWLINES = re.compile(r"\n{3,}")


def clean_line(raw: str) -> str:
    """A title, a name, a keyword: one line of plain text."""
    text = raw if _is_plain(raw) else " ".join(raw[:MAX_LENGTH].split())
    return text if _is_plain(text) else " ".join(_plain(text).split())


def clean_paragraphs(raw: str) -> str:
    """A description: plain text that keeps its lines, with one blank line between paragraphs."""
    if _is_plain(raw):
        return raw
    text = _tidy(raw[:MAX_LENGTH])
    return text if _is_plain(text.replace("\n", "")) else _tidy(_plain(text))


def _is_plain(text: str) -> bool:
    """Whether nothing needs doing; most texts pass, and this is much cheaper than cleaning."""
    return (
        text.isprintable()
        and "  " not in text
        and "&" not in text
        and "<" not in text
        and text[:1] != " "
        and text[-1:] != " "
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
        and len(text) <= MAX_LENGTH
    )


def _tidy(text: str) -> str:
    lines = "\n".join([" ".join(line.split()) for line in text.splitlines()])
    return _MANY_NEWLINES.sub("\n\n", lines).strip("\n")


def _plain(text: str) -> str:
    for _ in range(_LEVELS):
        text = _UNWANTED.sub("", unicodedata.normalize("NFC", text))
        clearer = _without_markup(text) if "<" in text else text
        if "&" in clearer:
            clearer = _ENTITY.sub(_character, clearer)
        if clearer == text:
            break
        text = clearer
    return text


def _without_markup(text: str) -> str:
    if not _MARKUP.search(text):
        return text
    text = _LINE.sub("\n", _OTHER_ANGLE.sub("&lt;", text))
    text = _CELL.sub(" ", _BLOCK.sub(_blank_line, _PREFIXED.sub(r"\1", text)))
    return _ENTITY.sub(_character, nh3.clean(text, tags=set()))


def _blank_line(match: re.Match[str]) -> str:
    # The tag itself stays for nh3, which must see the tree as it was written.
    return (
        f"\n{match[0]}\n" if match[0].lower().startswith(("<li", "</li")) else f"\n\n{match[0]}\n\n"
    )


def _character(match: re.Match[str]) -> str:
    """What an entity stands for; an unknown one stays as it is written, less its extra escapes."""
    return html.unescape(f"&{match[1]};")
