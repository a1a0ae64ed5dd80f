"""Curators' rows of the mapping tables: what a raw value means, everywhere or in one source."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from oer.errors import UsageError
from oer.metadata.vocabularies import LONGEST_RAW, VOCABULARIES, Row, concepts, fold, get
from oer.models import Event, MappingRow, Source
from oer.services import sources

COLUMNS = ("raw", "scheme", "target", "note")
"""Of the shipped tables, and so of what is exported for them."""

MOST_PROBLEMS = 10


class Meaning(NamedTuple):
    """One or more concepts of one vocabulary, known to exist."""

    vocabulary: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A curator's row in a listing."""

    vocabulary: str
    raw: str
    target: str
    source: str | None
    created_by: str
    created_at: datetime
    known: bool
    """Whether the concepts are still there; a row whose concepts are gone is passed over."""

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def meaning(targets: Sequence[str], vocabulary: str | None = None) -> Meaning:
    """What a curator names as the meaning of a raw value: ids, or codes of ``vocabulary``.

    Raises:
        UsageError: A target is no concept, or they are of several vocabularies; near ones are
            named.
    """
    ids = tuple(
        dict.fromkeys(
            each if ":" in each or vocabulary is None else f"{vocabulary}:{each}"
            for each in targets
        )
    )
    names = {each.partition(":")[0] for each in ids}
    for each in ids:
        if get(each) is None:
            raise UsageError(f"'{each}' is no concept. {_near(each)}")
    if len(names) != 1 or (vocabulary is not None and names != {vocabulary}):
        raise UsageError(
            f"'{' '.join(ids)}': all concepts of a row must be of one vocabulary"
            + (f", here '{vocabulary}'." if vocabulary else ".")
        )
    return Meaning(names.pop(), ids)


def _near(target: str) -> str:
    name, _, code = target.partition(":")
    if name not in VOCABULARIES:
        return f"Begin with a vocabulary: {', '.join(f'{each}:' for each in VOCABULARIES)}"
    spelled = {concept.code: concept.id for concept in concepts(name)} | {
        fold(label): concept.id for concept in concepts(name) for label in concept.labels.values()
    }
    close = get_close_matches(fold(code), spelled, n=8) or [
        each for each in spelled if fold(code) and fold(code) in each
    ]
    near = list(dict.fromkeys(spelled[each] for each in close))[:5]
    if near:
        return f"Near it: {', '.join(near)}."
    return f"See those there are with: oer vocabulary show {name}"


def store(
    session: Session,
    raw: str,
    meant: Meaning,
    *,
    now: datetime,
    by: str,
    source_slug: str | None = None,
    reason: str | None = None,
) -> MappingRow:
    """Keep a row, in place of an older one for the same raw value and source. Adds an Event.

    Stored resources are not touched; see ``raw_values.carriers`` and ``renormalise``.

    Raises:
        UsageError: The raw value is empty or longer than any that is looked for.
        UnknownSource: No source of that slug.
    """
    raw, folded = _checked(raw)
    source = sources.get(session, source_slug) if source_slug else None
    source_id = source.id if source else None
    before = _before(session, meant.vocabulary, folded, source_id)
    target = " ".join(meant.targets)
    row = MappingRow(
        vocabulary=meant.vocabulary,
        raw=raw,
        folded=folded,
        target=target,
        source_id=source_id,
        created_by=by,
        created_at=now,
    )
    detail = {"vocabulary": meant.vocabulary, "raw": raw, "target": target}
    if before is not None:
        detail["before"] = before.target
    _remove(session, meant.vocabulary, folded, source_id)
    session.add(row)
    session.add(_event("mapping_set", detail, source_id, now, by, reason))
    session.flush()
    return row


def remove(
    session: Session,
    raw: str,
    vocabulary: str,
    *,
    now: datetime,
    by: str,
    source_slug: str | None = None,
    reason: str | None = None,
) -> None:
    """Take a curator's row away; shipped rows stand. Adds an Event.

    Raises:
        UsageError: There is no such row.
        UnknownSource: No source of that slug.
    """
    raw, folded = _checked(raw)
    source = sources.get(session, source_slug) if source_slug else None
    source_id = source.id if source else None
    before = _before(session, vocabulary, folded, source_id)
    if before is None:
        where = f"of source '{source_slug}'" if source_slug else "for all sources"
        raise UsageError(
            f"There is no row for '{raw}' in '{vocabulary}' {where}. See: oer mapping list"
        )
    detail = {"vocabulary": vocabulary, "raw": before.raw, "before": before.target}
    _remove(session, vocabulary, folded, source_id)
    session.add(_event("mapping_unset", detail, source_id, now, by, reason))


def every(
    session: Session, *, vocabulary: str | None = None, source_slug: str | None = None
) -> list[Listed]:
    """Curators' rows, by vocabulary and raw value.

    Raises:
        UnknownSource: No source of that slug.
    """
    query = (
        select(MappingRow, Source.slug)
        .outerjoin(Source)
        .order_by(MappingRow.vocabulary, MappingRow.folded, MappingRow.id)
    )
    if vocabulary:
        query = query.where(MappingRow.vocabulary == vocabulary)
    if source_slug:
        query = query.where(MappingRow.source_id == sources.get(session, source_slug).id)
    return [
        Listed(
            row.vocabulary,
            row.raw,
            row.target,
            slug,
            row.created_by,
            row.created_at,
            all(get(each) for each in row.target.split()),
        )
        for row, slug in session.execute(query)
    ]


def shipped_form(rows: Iterable[Listed]) -> Iterator[tuple[str, str, str, str]]:
    """Rows as the shipped tables have them, without who made them."""
    yield COLUMNS
    for row in rows:
        yield row.raw, "", row.target, f"in {row.source}" if row.source else ""


def from_table(lines: Iterable[str]) -> list[tuple[Row, Meaning]]:
    """The rows of a table in the shipped form, all of them sound.

    Raises:
        UsageError: Some are not; the message names the lines and what is wrong with them.
    """
    try:
        table = list(csv.reader(lines, strict=True))
    except csv.Error as error:
        raise UsageError(f"It is no CSV table: {error}.") from error
    if not table or tuple(table[0]) != COLUMNS:
        raise UsageError(f"Its first line must be: {','.join(COLUMNS)}")
    found: list[tuple[Row, Meaning]] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(table[1:], 2):
        if not any(cells):
            continue
        try:
            row, meant = _sound(cells)
            first = seen.setdefault((meant.vocabulary, fold(row.raw)), number)
            if first != number:
                raise UsageError(f"'{row.raw}' stands in line {first} already.")
            found.append((row, meant))
        except UsageError as error:
            problems.append(f"line {number}: {error}")
    if problems:
        left = len(problems) - MOST_PROBLEMS
        shown = "\n  ".join(problems[:MOST_PROBLEMS])
        more = f"\n  … and {left} more" if left > 0 else ""
        raise UsageError(f"Nothing was stored, because of {len(problems)} lines:\n  {shown}{more}")
    return found


def _sound(cells: list[str]) -> tuple[Row, Meaning]:
    if len(cells) != len(COLUMNS):
        raise UsageError(f"It has {len(cells)} columns, not {len(COLUMNS)}.")
    row = Row(*cells)
    if row.scheme.strip():
        raise UsageError("Rows for one scheme only can be shipped, but not stored.")
    targets = row.target.split()
    if not targets:
        raise UsageError(f"'{row.raw}' has no target.")
    return row._replace(raw=_checked(row.raw)[0]), meaning(targets)


def _checked(raw: str) -> tuple[str, str]:
    """The raw value, tidy, and as it is compared."""
    raw = " ".join(raw.replace("\0", " ").split())
    folded = fold(raw)
    if not folded:
        raise UsageError("The raw value is empty, or all punctuation.")
    if len(raw) > LONGEST_RAW:
        raise UsageError(f"The raw value is longer than {LONGEST_RAW} letters: that is no term.")
    return raw, folded


def _before(
    session: Session, vocabulary: str, folded: str, source_id: int | None
) -> MappingRow | None:
    query = select(MappingRow).where(*_key(vocabulary, folded, source_id))
    return session.scalars(query.limit(1)).first()


def _remove(session: Session, vocabulary: str, folded: str, source_id: int | None) -> None:
    session.execute(delete(MappingRow).where(*_key(vocabulary, folded, source_id)))


def _key(vocabulary: str, folded: str, source_id: int | None) -> tuple[Any, ...]:
    return (
        MappingRow.vocabulary == vocabulary,
        MappingRow.folded == folded,
        MappingRow.source_id.is_(None) if source_id is None else MappingRow.source_id == source_id,
    )


def _event(
    action: str,
    detail: dict[str, str],
    source_id: int | None,
    now: datetime,
    by: str,
    reason: str | None,
) -> Event:
    return Event(at=now, actor=by, action=action, source_id=source_id, reason=reason, detail=detail)
