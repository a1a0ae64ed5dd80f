"""Texts with the language they are written in, as a page has to mark them."""

from dataclasses import dataclass

from oer.metadata.lang_strings import in_order_for
from oer.metadata.resource_metadata import LangString

__all__ = ["Text", "from_lang_string", "in_order_for", "is_rtl"]

_RTL_LANGUAGES = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi")
)
_RTL_SCRIPTS = frozenset(("adlm", "arab", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"))


@dataclass(frozen=True)
class Text:
    """A text for a page.

    Args:
        text: The words; templates escape them.
        lang: BCP 47 tag; empty where the language is unknown; None: the language of the page.
        url: Where it leads, if anywhere; always safe to press. Our own pages begin with a slash.
    """

    text: str
    lang: str | None = None
    url: str | None = None

    @property
    def dir(self) -> str | None:
        """The ``dir`` attribute: unknown languages find their own direction."""
        if self.lang is None:
            return None
        if not self.lang:
            return "auto"
        return "rtl" if is_rtl(self.lang) else "ltr"


def is_rtl(tag: str) -> bool:
    """Whether a language is written from right to left."""
    language, *rest = tag.lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    return scripts[0] in _RTL_SCRIPTS if scripts else language in _RTL_LANGUAGES


def from_lang_string(value: LangString) -> Text:
    """The text with its language; empty where the record names none."""
    return Text(value.text, value.language or "")
