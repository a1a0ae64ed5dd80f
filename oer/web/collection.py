"""A reader's list of materials, all of it in the address: nothing is kept on the server.

A list is written as the addresses of its materials with dots between them (``hev31g5x.yr7zmvxr``).
Titles, headings and notes make it a packed piece, ``~`` and base64url of deflated lines. Pieces of
both kinds may stand side by side, so that anyone, a script or a link, adds a material by adding
``.address`` at the end.

Nothing written into the address is an error: what cannot be understood counts as absent.
"""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

MOST_ITEMS = 60
MOST_HEADINGS = 20
LONGEST_TITLE = 120
LONGEST_HEADING = 120
LONGEST_NOTE = 400

LONGEST_CODE = 2800
"""Characters. Servers refuse request lines beyond some 4000 bytes, and a search rides along."""

_LONGEST_TEXT = 64 * 1024
"""No packed piece unpacks to more: a few bytes can hold a gigabyte."""

_ADDRESS = re.compile(r"[0-9a-z]{4,16}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Item:
    """A material of the list, and what the reader noted about it."""

    address: str
    note: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading among the materials."""

    text: str


Part = Item | Heading


@dataclass(frozen=True)
class Collection:
    """A list: its title, and materials and headings in order."""

    title: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """The materials, in order."""
        return tuple(part.address for part in self.parts if isinstance(part, Item))

    @property
    def is_full(self) -> bool:
        """Whether no further material fits."""
        return len(self.addresses) >= MOST_ITEMS

    @cached_property
    def code(self) -> str:
        """The list as it is written into an address; ``""`` for an empty one."""
        plain = ".".join(self.addresses)
        bare = not self.title and all(part == Item(part.address) for part in self._items)
        return plain if bare and len(self._items) == len(self.parts) else _packed(self)

    @property
    def takes_headings(self) -> bool:
        """Whether one more heading fits."""
        return sum(isinstance(part, Heading) for part in self.parts) < MOST_HEADINGS

    @property
    def fits(self) -> bool:
        """Whether the address is short enough to work everywhere."""
        return len(self.code) <= LONGEST_CODE

    @property
    def _items(self) -> tuple[Item, ...]:
        return tuple(part for part in self.parts if isinstance(part, Item))

    def with_item(self, address: str) -> "Collection":
        """The list with one more material at its end; as it is where that is in it already."""
        return make(self.title, (*self.parts, Item(address)))

    def with_heading(self, text: str, place: int) -> "Collection":
        """The list with one more heading before the part at a place; as it is where none fits."""
        if not self.takes_headings:
            return self
        return replace(self, parts=(*self.parts[:place], Heading(text), *self.parts[place:]))

    def readdressed(self, addresses: Mapping[str, str]) -> "Collection":
        """The list with other addresses for some materials.

        Where two become one, the first stays, and has the notes of both.
        """
        parts: list[Part] = []
        notes: dict[str, list[str]] = {}
        for part in self.parts:
            if isinstance(part, Item):
                address = addresses.get(part.address, part.address)
                notes.setdefault(address, []).append(part.note)
                part = Item(address)
            parts.append(part)
        said = {one: " / ".join(dict.fromkeys(filter(None, all_))) for one, all_ in notes.items()}
        return make(
            self.title,
            (Item(p.address, said[p.address]) if isinstance(p, Item) else p for p in parts),
        )

    def without(self, place: int) -> "Collection":
        """The list without the part at a place."""
        kept = (part for number, part in enumerate(self.parts) if number != place)
        return replace(self, parts=tuple(kept))

    def moved(self, place: int, by: int) -> "Collection":
        """The list with the part at a place moved up or down; as it is beyond its ends."""
        target = place + by
        if not (0 <= place < len(self.parts) and 0 <= target < len(self.parts)):
            return self
        parts = list(self.parts)
        parts.insert(target, parts.pop(place))
        return replace(self, parts=tuple(parts))


def make(title: str, parts: Iterable[Part]) -> Collection:
    """A list within its limits: texts cleaned and cut, each material once, the rest left out."""
    kept: list[Part] = []
    seen: set[str] = set()
    headings = 0
    for part in parts:
        if isinstance(part, Heading):
            text = _clean(part.text, LONGEST_HEADING)
            if text and headings < MOST_HEADINGS:
                kept.append(Heading(text))
                headings += 1
        elif (
            _ADDRESS.fullmatch(part.address) and part.address not in seen and len(seen) < MOST_ITEMS
        ):
            kept.append(Item(part.address, _clean(part.note, LONGEST_NOTE)))
            seen.add(part.address)
    return Collection(_clean(title, LONGEST_TITLE), tuple(kept))


@lru_cache(maxsize=256)
def read(code: str) -> Collection:
    """The list an address holds; the empty list where it holds none."""
    title = ""
    parts: list[Part] = []
    for piece in code[: 2 * LONGEST_CODE].split("."):
        if not piece.startswith("~"):
            parts.append(Item(piece.strip().lower()))
            continue
        for line in _unpacked(piece[1:]).split("\n"):
            if line.startswith("="):
                title = title or line[1:]
            elif line.startswith("#"):
                parts.append(Heading(line[1:]))
            else:
                address, _, note = line.partition(" ")
                parts.append(Item(address, note))
    return make(title, parts)


@lru_cache(maxsize=256)
def _packed(collection: Collection) -> str:
    packer = zlib.compressobj(level=9, wbits=-15)
    deflated = packer.compress("\n".join(_lines(collection)).encode()) + packer.flush()
    return "~" + urlsafe_b64encode(deflated).decode().rstrip("=")


def _lines(collection: Collection) -> Iterator[str]:
    if collection.title:
        yield f"={collection.title}"
    for part in collection.parts:
        if isinstance(part, Heading):
            yield f"#{part.text}"
        else:
            yield f"{part.address} {part.note}".rstrip()


def _unpacked(piece: str) -> str:
    try:
        deflated = urlsafe_b64decode(piece + "=" * (-len(piece) % 4))
        text = zlib.decompressobj(wbits=-15).decompress(deflated, _LONGEST_TEXT)
    except (Error, ValueError, zlib.error):
        return ""
    return text.decode(errors="ignore")


def _clean(text: str, longest: int) -> str:
    """One line, without control characters or marks that turn the writing direction."""
    shown = (c if c.isprintable() else " " for c in _INVISIBLE.sub("", text[: 4 * longest]))
    return " ".join("".join(shown).split())[:longest].strip()
