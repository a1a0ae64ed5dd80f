"""The plain words about reuse, from ``data/license_texts.json``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from oer.metadata.license_names import name
from oer.metadata.license_permissions import Permissions, permissions

LANGUAGES = ("fi", "sv", "en")
"""The languages there are texts in; any other gets English."""

_STATES = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class Explanation:
    """One permission or duty in plain words. ``value`` None: not known."""

    permission: str
    value: bool | None
    text: str


def explain(granted: Permissions | str, language: str) -> tuple[Explanation, ...]:
    """What a licence, or a verdict's permissions, means: a sentence for each of five points."""
    if isinstance(granted, str):
        granted = permissions(granted)
    explained = []
    for point in fields(Permissions):
        value = getattr(granted, point.name)
        text = texts()["permissions"][point.name][_STATES[value]][known_language(language)]
        explained.append(Explanation(point.name, value, text))
    return tuple(explained)


def reason_text(code: str, licenses: tuple[str, ...], language: str) -> str:
    """Why something is or is not possible, naming the licences concerned, if they have names."""
    language = known_language(language)
    template: str = texts()["reasons"][code][language]
    names = " + ".join(dict.fromkeys(name(one, language) for one in licenses if one))
    if names:
        return template.replace("{licenses}", names)
    sentence = template.removeprefix("{licenses}: ")
    return sentence[:1].upper() + sentence[1:]


def disclaimer(language: str) -> str:
    """The sentence that belongs under every answer."""
    sentence: str = texts()["disclaimer"][known_language(language)]
    return sentence


def known_language(language: str) -> str:
    """The language of the texts for a BCP 47 tag: ``sv-FI`` → ``sv``, ``de`` → ``en``."""
    primary = language.split("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


@cache
def texts() -> Mapping[str, Any]:
    """All texts, read once."""
    path = files("oer.metadata").joinpath("data", "license_texts.json")
    loaded: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
