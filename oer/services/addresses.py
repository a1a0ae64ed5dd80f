"""Short, opaque, permanent addresses for resources."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.models import Resource

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u, so that an address can be read aloud and copied by hand."""

LENGTH = 8
"""40 bits: short enough for a blackboard."""

_HEARD_AS = str.maketrans("oil", "011")
"""What the alphabet leaves out, as Crockford has it read."""

_LONGEST_COPY = 40


def copied(text: str) -> str | None:
    """The address that somebody copied by hand; None where it cannot be one.

    Capitals, O for 0, I and L for 1, hyphens and blanks between, a full stop or slash at the end.
    """
    letters = text[:_LONGEST_COPY].lower().rstrip("/.,;:").translate(_HEARD_AS)
    address = "".join(letter for letter in letters if letter not in "- ")
    is_whole = len(address) == LENGTH and set(address) <= set(ALPHABET)
    return address if is_whole else None


def new_addresses(session: Session, count: int) -> list[str]:
    """``count`` addresses that no resource has; one query in all but the rarest case."""
    fresh: set[str] = set()
    while len(fresh) < count:
        drawn = {_draw() for _ in range(count - len(fresh))}
        taken = session.scalars(select(Resource.address).where(Resource.address.in_(drawn)))
        fresh |= drawn - set(taken)
    return list(fresh)


def _draw() -> str:
    bits = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH))
