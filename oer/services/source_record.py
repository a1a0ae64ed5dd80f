"""What a harvester hands over and the ingest takes in: a record as it came."""

import msgspec


class SourceRecord(msgspec.Struct, frozen=True, gc=False):
    """A record as a harvester hands it over; ``problem`` says why it could not be read so far."""

    identifier: str | None
    datestamp: str | None = None
    set_specs: tuple[str, ...] = ()
    deleted: bool = False
    payload: bytes | None = None
    about: bytes | None = None
    metadata_prefix: str | None = None
    problem: str | None = None
    problem_detail: str | None = None
    repaired: int | None = None
    """How many characters of the answer had to be replaced to read this record; None: none."""
    received: bytes | None = None
    """The whole record as it came, before it was repaired."""
