"""Who works at the command line."""

import getpass


def actor(named: str | None) -> str:
    """The name given with ``--by``, or else the login name."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        # A container may run under a number that has no name.
        return "operator"
