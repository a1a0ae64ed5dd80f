"""Resources as a harvest leaves them, from a line of Dublin Core each."""

from html import escape

from oer.models import Source
from oer.services import ingest
from oer.services.source_record import SourceRecord
from oer.services.tables import load_tables


def harvest(session, slug, *records, now):
    """A source whose records hold these elements: ``("type", "Gymnasium"), …`` for each."""
    source = Source(slug=slug, name=slug, base_url=f"https://{slug}.example/oai", created_at=now)
    session.add(source)
    session.flush()
    page = [
        SourceRecord(f"oai:{slug}:{number}", payload=dublin_core(*elements))
        for number, elements in enumerate(records)
    ]
    ingest.accept(session, source, None, page, now=now, tables=load_tables(session, source.id))
    return source


def dublin_core(*elements):
    said = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in elements)
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A</dc:title>{said}</oai_dc:dc>'
    ).encode()
