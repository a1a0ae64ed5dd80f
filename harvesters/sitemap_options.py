"""What a definition may say of a source that is a sitemap.

::

    [sources.example.sitemap]
    types = ["LearningResource", "Course"]   # take these classes of schema.org only
    include = ["/materials/"]                # addresses that hold one of these texts, only
    exclude = ["/tag/", "?page="]            # and none of these
    hosts = ["cdn.example.org"]              # beside the sitemap's own
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harvesters.declared import Field, complaints, refuse, texts

_FIELDS = {name: Field(texts) for name in ("types", "include", "exclude", "hosts")}


@dataclass(frozen=True)
class SitemapOptions:
    """Which pages of a sitemap are asked for, and what is taken from them."""

    types: frozenset[str] = frozenset()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()

    def wants(self, url: str) -> bool:
        """Whether a page of this address is asked for."""
        if self.include and not any(part in url for part in self.include):
            return False
        return not any(part in url for part in self.exclude)


def read_options(options: Mapping[str, Any]) -> SitemapOptions:
    """The options of a sitemap.

    Raises:
        UsageError: Something in them is wrong.
    """
    refuse(list(mistakes(options)), "The options of the sitemap")
    given = options.get("sitemap", {})
    return SitemapOptions(
        types=frozenset(given.get("types", ())),
        include=tuple(given.get("include", ())),
        exclude=tuple(given.get("exclude", ())),
        hosts=frozenset(host.lower() for host in given.get("hosts", ())),
    )


def mistakes(options: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """What is wrong with the options of a sitemap."""
    given = options.get("sitemap", {})
    if isinstance(given, dict):
        yield from complaints(given, _FIELDS, f"{where}sitemap.")
    else:
        yield f"{where}sitemap must be a table"
