"""``make normalisation``: what becomes canonical of real records, collection by collection.

Reads the shared real records (``OER_SHARED_DATA``, or ``../shared/data`` beside the checkout) through
the crosswalks and ``normalise``. For licences, languages, types and levels: how many values there
are, the share that became canonical, and the commonest that did not; and how many records have a
subject of ours. Ends with 1 when any canonical value has no basis, which would be an invention.
"""

import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from harvesters.envelope import read_envelope
from oer.errors import OerError, UnreadableRecord
from oer.formats import read_payload
from oer.formats.xml import parse
from oer.metadata import licenses
from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import ResourceMetadata
from oer.search.facet_values import facet_values

DATA = Path(
    os.environ.get("OER_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
FIELDS = {
    "language": "language",
    "type": "learning_resource_type",
    "level": "educational_level",
    "audience": "audience",
}
COLLECTIONS = {
    "oai_dc (60 repositories)": ("oai_dc/*.xml", "ListRecords"),
    "LOM Edurep": ("lom/edurep/*.xml", "ListRecords"),
    "LOM Dutch": ("lom/nl-meresco/*.xml", None),
    "LOM Québec": ("lom/quebec-normetic/*.xml", None),
    "aoe.fi LRMI": ("lrmi/*.xml", None),
    "qualified DC, MODS, MARCXML": ("mods-qdc-marcxml-dpla/*.xml", None),
    "DataCite": ("datacite/*.xml", None),
    "AMB": ("amb-examples/*_examples_valid_*.json", None),
}


@dataclass
class Count:
    """What a collection's values became."""

    records: int = 0
    unreadable: int = 0
    with_subject: int = 0
    values: Counter[str] = field(default_factory=Counter)
    canonical: Counter[str] = field(default_factory=Counter)
    left: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    inventions: list[str] = field(default_factory=list)


def main() -> None:
    """Print the table."""
    if not DATA.is_dir():
        sys.exit(f"The real records are not on this machine ({DATA}). OER_SHARED_DATA names them.")
    found = {name: _collection(*where) for name, where in COLLECTIONS.items()}
    kinds = ("license", *FIELDS)
    print("| collection | records | unreadable | " + " | ".join(kinds) + " | subject |")
    print("|---" * (4 + len(kinds)) + "|")
    for name, count in found.items():
        shares = (_share(count, kind) for kind in kinds)
        subject = f"{count.with_subject} records"
        print(
            f"| {name} | {count.records} | {count.unreadable} | {' | '.join(shares)} | {subject} |"
        )
    for kind in kinds:
        left = sum((count.left[kind] for count in found.values()), Counter())
        shown = "; ".join(f"{raw[:40]!r} {n}" for raw, n in left.most_common(12))
        print(f"\n{kind}, left as they were ({left.total()}): {shown}")
    inventions = [each for count in found.values() for each in count.inventions]
    print(f"\nCanonical values without a basis: {len(inventions)}")
    sys.exit(1 if inventions else 0)


def _share(count: Count, kind: str) -> str:
    if not count.values[kind]:
        return "–"
    return f"{count.canonical[kind] / count.values[kind]:.0%} of {count.values[kind]}"


def _collection(pattern: str, verb: str | None) -> Count:
    count = Count()
    for payload in _payloads(pattern, verb):
        try:
            metadata, _ = normalise(read_payload(payload))
        except UnreadableRecord:
            count.unreadable += 1
            continue
        count.records += 1
        count.with_subject += "subject" in facet_values(metadata, None)
        _count(metadata, count)
    return count


def _payloads(pattern: str, verb: str | None) -> Iterator[bytes]:
    for path in sorted((DATA / "records").glob(pattern)):
        if path.is_file() and path.suffix in (".xml", ".json"):
            body = path.read_bytes()
            if verb is None:
                yield from _documents(body)
                continue
            try:
                records = read_envelope(body, verb=verb).records
            except OerError as error:
                print(f"{path.name}: {error}", file=sys.stderr)
                continue
            yield from (record.payload for record in records if record.payload)


def _documents(body: bytes) -> Iterator[bytes]:
    """A file is a metadata document, or an envelope of some kind around several."""
    try:
        inside = parse(body).findall(".//{*}metadata/*") if body.lstrip()[:1] == b"<" else []
    except UnreadableRecord:
        inside = []
    yield from (etree.tostring(each) for each in inside) if inside else (body,)


def _count(metadata: ResourceMetadata, count: Count) -> None:
    for kind, name in FIELDS.items():
        for term in getattr(metadata, name):
            count.values[kind] += 1
            if term.id:
                count.canonical[kind] += 1
                if term.basis is None:
                    count.inventions.append(f"{kind}: {term}")
            else:
                count.left[kind][term.raw or term.raw_id or ""] += 1
    for statement in metadata.license:
        count.values["license"] += 1
        if statement.uri or statement.family or statement.kind == "access-right":
            count.canonical["license"] += 1
        else:
            count.left["license"][statement.raw] += 1
        if (statement.uri or statement.family) and statement.basis is None:
            count.inventions.append(f"license: {statement}")
    verdict = licenses.verdict(metadata.license)
    stated = "".join(s.raw + (s.raw_id or "") for s in metadata.license)
    # Codes write 4.0 as 40. CC0 and the public domain mark have one version only.
    if verdict.version and verdict.version.replace(".", "") not in re.sub(r"\D", "", stated):
        count.inventions.append(f"license version {verdict.version}: {metadata.license}")


if __name__ == "__main__":
    main()
