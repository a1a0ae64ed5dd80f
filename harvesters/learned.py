"""What harvests find out about a provider, kept with its source to ask it better next time.

Each fact is true of one question: after a source is edited nothing is known of it. Nothing here
may be needed: a harvest that forgets everything takes longer and ends the same.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oer.models import Source

VALIDATORS = "validators"
"""What to ask "has it changed?" with: of the last answer that was taken in completely."""

IGNORES_FROM = "ignores_from"
"""When the provider was last seen to send everything, whatever ``from`` said (ISO 8601)."""

TOKENS = "tokens"
"""The way of giving a resumption token back that the provider takes."""

WORDS = "words"
"""How the provider wants a list to be asked for, where that is not how the protocol says."""

PREFIX = "prefix"
"""The name the provider has for the format that the source asks for."""

SLOW_AFTER = "slow_after"
"""After how many records the provider's lists grow slow; 0: they must not be divided for it."""

BROKEN_GZIP = "broken_gzip"
"""The hosts whose compressed answers are damaged, and when that was seen."""

RETEST = timedelta(days=30)
"""After so long, what a provider could not do is tried again: servers are repaired."""

_QUESTION = "question"

Facts = Mapping[str, Any]


def known(source: Source) -> dict[str, Any]:
    """What is known that holds for the question which the source asks now."""
    facts = dict(source.learned or {})
    return facts if facts.pop(_QUESTION, None) == _digest(source) else {}


def learn(source: Source, facts: Facts) -> None:
    """Keep facts with the source; None forgets one."""
    before = known(source)
    after = {name: fact for name, fact in {**before, **facts}.items() if fact is not None}
    if after != before:
        # A new dictionary: a change within the old one would not be seen.
        source.learned = {_QUESTION: _digest(source), **after} if after else {}


def is_known_to_ignore_from(source: Source, now: datetime) -> bool:
    """Whether the provider was seen, not too long ago, to send everything whatever was asked."""
    seen = known(source).get(IGNORES_FROM)
    try:
        return seen is not None and now - datetime.fromisoformat(seen) < RETEST
    except (TypeError, ValueError):
        return False


def _digest(source: Source) -> str:
    return hashlib.sha256(source.question.encode()).hexdigest()
