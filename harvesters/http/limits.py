"""How long, how much and how often: every number the client may not exceed."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one request.  The defaults suit OAI-PMH pages of slow university servers."""

    connect_seconds: float = 10.0
    """For each address of a host, TLS handshake included."""

    read_seconds: float = 60.0
    """Longest silence."""

    total_seconds: float = 300.0
    """For one try, with its redirects; pauses between tries do not count."""

    min_bytes_per_second: float = 32.0
    """Average since the first byte, judged after ``grace_seconds``: thinking is no trickling."""

    grace_seconds: float = 60.0

    max_bytes: int = 64 * MIB
    """Of the body: as it came, and decoded."""

    max_ratio: float = 200.0
    """Decoded bytes for each byte that came.  OAI-PMH pages reach 10 to 40, a gzip bomb 1000."""

    ratio_floor_bytes: int = MIB
    """A small body may compress as well as it likes."""

    max_redirects: int = 5
    max_tries: int = 5

    backoff_seconds: float = 5.0
    """Upper end of the first pause; doubles with every try ("full jitter")."""

    max_wait_seconds: float = 900.0
    """Longest pause between tries.  A server that asks for more gets its source parked."""

    addresses_seconds: float = 300.0
    """How long checked addresses of a host are used before its name is resolved again."""
