"""What can go wrong, as one tree.

::

    OerError                    a sentence for a person: the value and a way out
    ├── UsageError              the caller asked for something that makes no sense   (exit 2)
    │   ├── SettingError        an OER_… variable cannot be used
    │   ├── UnknownSource       no source of that name
    │   ├── UnknownFormat       no metadata format of that prefix or namespace
    │   └── UnknownSearchEngine no engine for that URL
    ├── DatabaseError           the database cannot be used                          (exit 1)
    ├── SearchIndexError        the search index cannot be used
    │   └── IndexBusy           another writer holds it; try again later
    ├── HarvestError            a harvest cannot go on
    │   ├── HarvestBusy         another run holds the source
    │   ├── TransportError      no usable answer came over HTTP
    │   └── ProtocolError       an answer came, but it is not the protocol
    │       └── EndlessList     a list that leads back to where it was
    └── UnreadableRecord        a payload that its format cannot read (goes to quarantine)

Only ``cli.py`` and the web's error pages catch ``OerError``; everything in between lets it pass.
"""


class OerError(Exception):
    """Base of every error whose message is meant for a person."""

    exit_code = 1


class UsageError(OerError):
    """Something was asked for that makes no sense."""

    exit_code = 2


class SettingError(UsageError):
    """An ``OER_…`` environment variable has a value that cannot be used."""


class UnknownSource(UsageError):  # noqa: N818 - reads as what happened
    """No source has that slug."""


class UnknownFormat(UsageError):  # noqa: N818
    """No metadata format has that prefix or namespace."""


class UnknownSearchEngine(UsageError):  # noqa: N818
    """No search engine answers to that URL."""


class DatabaseError(OerError):
    """The database cannot be reached, or its schema is not ours."""


class SearchIndexError(OerError):
    """The search index cannot be opened, read or written."""


class HarvestError(OerError):
    """A harvest cannot go on."""


class HarvestBusy(HarvestError):  # noqa: N818
    """Another run holds the lease of the source."""


class TransportError(HarvestError):
    """No usable answer came over HTTP."""


class ProtocolError(HarvestError):
    """An answer came, but it is not what the protocol promises."""


class EndlessList(ProtocolError):  # noqa: N818
    """A list whose pages lead in a circle, or nowhere."""


class UnreadableRecord(OerError):  # noqa: N818
    """A payload that its metadata format cannot read."""


class IndexBusy(SearchIndexError):  # noqa: N818
    """Another writer holds the index; the work waits for the next drain."""
