"""What a list shows: its parts with the materials behind them, and what is told of the gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from oer.metadata import reuse
from oer.models.resource import WITHDRAWN, Resource
from oer.models.source import Source
from oer.services import catalogue
from oer.services import collections as services
from oer.web import present, reuse_answer
from oer.web.collection import Collection, Heading, Part
from oer.web.context import context
from oer.web.links import safe_url
from oer.web.present import Result
from oer.web.reuse_answer import Summary
from oer.web.template_tools import permanent_url, whole_url
from oer.web.text import Text


@dataclass(frozen=True)
class Gone:
    """A material that is no longer here, and what its tombstone says of it, if it has one."""

    address: str
    title: Text | None = None
    reason: Text | None = None
    successor: Text | None = None

    @property
    def successor_url(self) -> str:
        """Where the successor is, whole; empty where there is none."""
        url = self.successor.url if self.successor else None
        is_ours = url is not None and url.startswith("/")
        return whole_url(url.partition("?")[0]) if url and is_ours else url or ""


@dataclass(frozen=True)
class Row:
    """One part of a list as it is shown; exactly one of heading, resource and gone."""

    place: int
    heading: str = ""
    note: str = ""
    resource: Resource | None = None
    result: Result | None = None
    credit: Markup | None = None
    gone: Gone | None = None

    @property
    def title(self) -> Text | None:
        """What the material is called."""
        return self.result.title if self.result else self.gone.title if self.gone else None


@dataclass(frozen=True)
class Shown:
    """A list with what stands behind its addresses; a merged copy is the one that was kept."""

    collection: Collection
    rows: list[Row]

    @property
    def resources(self) -> list[Resource]:
        """The materials that are here."""
        return [row.resource for row in self.rows if row.resource]

    @property
    def gone(self) -> list[Gone]:
        """Those that are not."""
        return [row.gone for row in self.rows if row.gone]


def shown(asked: Collection, ui: str) -> Shown:
    """A list as it is shown in a language of the interface."""
    if not asked.parts:
        return Shown(asked, [])
    with context().sessions() as session:
        found = services.members(session, asked.addresses)
        sources = {source.id: source for source in catalogue.sources(session)}
        gone = _gone(session, found.values(), ui)
    settled = asked.readdressed({address: each.address for address, each in found.items()})
    here = {each.address: each for each in found.values()}
    rows = [_row(place, part, here, gone, sources, ui) for place, part in enumerate(settled.parts)]
    return Shown(settled, rows)


def summary(list_: Shown, ui: str) -> Summary | None:
    """What the licences of the list mean together; each material is named where it stands."""
    named = [
        Text(row.result.title.text, row.result.title.lang, f"#m-{row.result.address}")
        for row in list_.rows
        if row.result
    ]
    return reuse_answer.summary([each.description.license for each in list_.resources], ui, named)


def _gone(session: Session, found: Iterable[Resource], ui: str) -> dict[str, Gone]:
    """The withdrawn ones by their address; a second query where they have successors."""
    withdrawn = [each for each in found if each.status == WITHDRAWN]
    named = {each.successor for each in withdrawn if each.successor}
    successors = services.members(session, named) if named else {}
    return {
        each.address: Gone(
            each.address,
            present.title(each.description, ui),
            present.withdrawn_reason(each),
            present.successor(each, successors.get(each.successor or ""), ui),
        )
        for each in withdrawn
    }


def _row(
    place: int,
    part: Part,
    here: Mapping[str, Resource],
    gone: Mapping[str, Gone],
    sources: Mapping[int, Source],
    ui: str,
) -> Row:
    if isinstance(part, Heading):
        return Row(place, heading=part.text)
    resource = here.get(part.address)
    if resource is None or part.address in gone:
        return Row(place, note=part.note, gone=gone.get(part.address, Gone(part.address)))
    metadata = resource.description
    work = reuse.work_of(metadata, ui, url=url_of(resource))
    return Row(
        place,
        note=part.note,
        resource=resource,
        result=present.result(resource, ui, sources),
        # The credit line escapes what comes from outside and links web addresses only.
        credit=Markup(reuse.attribution(work, ui, "html")),  # noqa: S704
    )


def url_of(resource: Resource) -> str:
    """Where a material is: at its provider, else here."""
    return safe_url(resource.description.landing_page) or permanent_url(resource.address)
