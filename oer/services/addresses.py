"""Short, opaque, permanent addresses for resources."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from oer.models import Resource

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u, so that an address can be read aloud and copied by hand."""

LENGTH = 8
"""40 bits: short enough for a blackboard."""


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
