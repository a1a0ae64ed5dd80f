"""The page of a resource: what it is, and all that stands beside it.

An address that was public once always answers: with the page, with the page of the resource it was
merged into, or with 410 and where to go instead. So does one that was copied by hand.
"""

import logging
from collections.abc import Collection, Sequence

from flask import abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from oer.errors import SearchIndexError
from oer.metadata import reuse
from oer.metadata.resource_metadata import ResourceMetadata
from oer.models.resource import WITHDRAWN, Resource
from oer.services import addresses, catalogue, links, related, vocabularies
from oer.web import (
    embeds,
    full_metadata,
    json_ld,
    languages,
    opening,
    present,
    present_resource,
    template_tools,
)
from oer.web.context import context
from oer.web.links import public
from oer.web.present_relations import Beside
from oer.web.present_resource import Around
from oer.web.text import Text

logger = logging.getLogger(__name__)

MORE_LIKE_THIS = 6
"""Materials that are shown as like this one, at most."""

SPARE = 12
"""More that are asked for, since those among the relations are left out."""


def answer(address: str) -> AnyResponse:
    """The page at an address, in the language of the request."""
    ui = languages.ui_language()
    permanent_url = template_tools.permanent_url(address)
    with context().sessions() as session:
        found = catalogue.by_address(session, address)
        if found is None:
            return _as_copied(session, address)
        if found.merged_into_id is not None:
            kept = catalogue.kept(session, found) or abort(404)
            # Not for good (301): a merge can be taken back, and browsers never ask again.
            return redirect(url_for("unprefixed.permanent", address=kept.address), 302)
        if found.status == WITHDRAWN:
            ours = catalogue.by_address(session, found.successor or "")
            successor = present.successor(found, ours, ui)
            return make_response(_tombstone(found, successor), 410)
        origins = catalogue.origins(session, found)
        names = related.own_names(session, found)
        metadata = related.without_itself(_offered(found, origins), found, names)
        held = related.held(session, found, metadata.relations)
        mentions = related.mentions(session, found, names)
        newer = related.newer_versions(session, found, metadata.relations, held, mentions)
        copies = related.copies(session, found)
        known = links.known(session, _pressed(metadata, copies, ui))
        beside = {each.id for each in (*held.values(), *newer, *(m.held for m in mentions))}
        alike = more_like(session, found, beside, ui)
        shown = vocabularies.named(session, metadata, ui)
    around = Around(Beside(held, mentions, newer), copies, known)
    page = present_resource.resource_page(shown, ui, address, permanent_url, around)
    return make_response(
        render_template(
            "catalogue/resource.html",
            page=page,
            most_files=present_resource.MOST_FILES,
            resource=found,
            origins=origins,
            copies=copies,
            is_out_of_reach=metadata.landing_page != found.description.landing_page,
            alike=alike,
            web_link=present.web_link,
            card_code=embeds.card_code(address, page.title.text),
            disclaimer=reuse.disclaimer(ui),
            rows=full_metadata.rows(found.description),
            audit=full_metadata.audit_rows(found.audit_json),
            json_ld=json_ld.document(metadata, permanent_url, ui),
        )
    )


def _offered(found: Resource, origins: Sequence[catalogue.Origin]) -> ResourceMetadata:
    """The description, with addresses of a network of its own for a source inside that alone."""
    own = next((each.source for each in origins if each.source.id == found.source_id), None)
    is_internal = own is not None and own.internal
    return found.description if is_internal else public(found.description)


def _pressed(metadata: ResourceMetadata, copies: Sequence[related.Copy], ui: str) -> set[str]:
    """Every address of the material that the page offers, its copies' too."""
    elsewhere = (copy.landing_page for copy in copies)
    return {url for url in (*opening.addresses(metadata, ui), *elsewhere) if url}


def _as_copied(session: Session, address: str) -> AnyResponse:
    """To the page of an address that was read aloud or copied by hand."""
    meant = addresses.copied(address)
    if meant is None or meant == address or catalogue.by_address(session, meant) is None:
        abort(404)
    endpoint = request.endpoint or "unprefixed.permanent"
    return redirect(url_for(endpoint, address=meant), 301)


def more_like(
    session: Session, resource: Resource, without: Collection[int], ui: str
) -> list[present.Result]:
    """Materials that share telling words with this one; none where the index is out of order."""
    try:
        hits = context().index.more_like(resource.id, MORE_LIKE_THIS + SPARE)
    except SearchIndexError as error:
        logger.warning("Nothing like %s is shown: %s", resource.address, error)
        return []
    ids = [hit.id for hit in hits if hit.id not in without and hit.id != resource.id]
    found = catalogue.by_ids(session, ids)[:MORE_LIKE_THIS]
    return [present.result(each, ui, {}) for each in found]


def _tombstone(found: Resource, successor: Text | None) -> str:
    return render_template(
        "catalogue/withdrawn.html",
        resource=found,
        title=present.title(found.description, languages.ui_language()),
        reason=present.withdrawn_reason(found),
        successor=successor,
    )
