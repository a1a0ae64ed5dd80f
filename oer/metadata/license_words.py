"""What the words of a rights statement say: licences by label or code, and other signals.

The text is cut into tokens once and walked once, so the cost grows with its length and with nothing
else. A name such as "Creative Commons Attribution-NonCommercial 3.0 Germany" is a *run* of pieces
that stand together; what runs on over a full stop or repeats an element is another licence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from oer.metadata import license_tables as tables
from oer.metadata.license_labels import (
    BREAKS,
    ELEMENTS,
    MARK,
    OPENERS,
    corrected,
    labels,
    long_words,
    port_labels,
    tokens_of,
)

Piece = tuple[int, int, str]
"""Start and end of a label among the tokens, and its meaning: ``nc``, ``code by nc``, ``cc0`` …"""


@dataclass
class Mention:
    """A licence named in words, from token ``start`` on; ``note`` says what is impossible in it."""

    start: int
    family: str
    version: str | None = None
    port: str | None = None
    note: str = ""


@dataclass
class Words:
    """Everything the words say."""

    tokens: list[str]
    mentions: list[Mention] = field(default_factory=list)
    strays: dict[str, int] = field(default_factory=dict)
    """Elements named outside a licence ("non-commercial use only"), and where."""
    signals: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Other meanings of the table, and where they first stand."""
    labelled: set[int] = field(default_factory=set)
    """Tokens inside a label: the "pas" of "Pas d'Utilisation Commerciale" denies nothing."""
    length: int = 0
    """How many tokens are words."""
    names_creative_commons: bool = False


_STOPS = frozenset(".;!?")
_GLUED = re.compile(r"^(?:cc)?by((?:nc|nd|sa)*)v?$")
_CC_WORDS = frozenset({"cc", "creative", "creativecommons", "commons"})
_VERSIONS = frozenset({"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"})
_CODED_VERSIONS = {version.replace(".", ""): version for version in _VERSIONS}


def analyse(text: str) -> Words:
    """Find every licence and signal in a text whose URIs were replaced by marks."""
    words = Words(tokens_of(text))
    words.length = sum(1 for token in words.tokens if token not in BREAKS | OPENERS)
    pieces = _pieces(words.tokens)
    words.labelled = {i for start, end, _ in pieces for i in range(start, end)}
    words.names_creative_commons = any(_names_it(words, piece) for piece in pieces)
    _collect(words, pieces)
    return words


def negated(words: Words, at: int, reach: int = 2) -> bool:
    """Whether the words before a place deny it: "not licensed under", "ei ole lisensoitu"."""
    before = words.tokens[max(0, at - 7) : at]
    for distance, token in enumerate(reversed(before), 1):
        if at - distance in words.labelled:
            continue
        if token in _STOPS:
            return False
        if token in tables.cues("negators") or before[-distance - 1 :][:2] == ["no", "longer"]:
            between = before[len(before) - distance + 1 :]
            if distance <= reach or any(
                t.startswith(tables.stems("licensing_stems")) for t in between
            ):
                return True
    return False


def sentence(tokens: Sequence[str], at: int, reach: int = 14) -> Sequence[str]:
    """The tokens around a place, as far as its sentence goes."""
    start = at
    while start > max(0, at - reach) and tokens[start - 1] not in _STOPS:
        start -= 1
    end = at + 1
    while end < min(len(tokens), at + reach) and tokens[end] not in _STOPS:
        end += 1
    return tokens[start:end]


# Finding labels ----------------------------------------------------------------------------------


def _pieces(tokens: list[str]) -> list[Piece]:
    """Each label in the text, longest first, without overlaps."""
    spelled = [corrected(token) for token in tokens] if _worth_correcting(tokens) else tokens
    table, i = labels(), 0
    found: list[Piece] = []
    while i < len(spelled):
        piece = _label_at(spelled, i, table.get(spelled[i], ()))
        if piece is None:
            found.extend(_codes_at(spelled, i))
            i += 1
        else:
            found.append(piece)
            i = piece[1]
    return found


def _names_it(words: Words, piece: Piece) -> bool:
    """Whether a piece names Creative Commons. "CC license" does; a shelf mark's "CC" does not."""
    start, end, meaning = piece
    if meaning != "cc" or words.tokens[start] != "cc":
        return meaning == "cc"
    following = words.tokens[end] if end < len(words.tokens) else ""
    return (
        words.length == 1
        or following in ELEMENTS
        or following.startswith(tables.stems("license_stems"))
    )


def _worth_correcting(tokens: list[str]) -> bool:
    return any(t in _CC_WORDS or t in long_words() for t in tokens)


def _label_at(
    tokens: list[str], i: int, tails: Sequence[tuple[tuple[str, ...], str]]
) -> Piece | None:
    for rest, meaning in tails:
        end = i + 1 + len(rest)
        if tuple(tokens[i + 1 : end]) == rest:
            return i, end, meaning
    return None


def _codes_at(tokens: list[str], i: int) -> Iterator[Piece]:
    """``by``, ``nc``, ``nd``, ``sa`` and what is glued of them: ``ccbyncsa``, ``byncnd``."""
    token = tokens[i]
    if token in ELEMENTS or (token.endswith("v") and token[:-1] in ELEMENTS):
        yield i, i + 1, f"code {token.removesuffix('v')}"
    elif match := _GLUED.match(token):
        codes = " ".join(["by", *re.findall("nc|nd|sa", match[1])])
        yield i, i + 1, f"{'cc+' if token.startswith('cc') else ''}code {codes}"


def _elements_of(meaning: str) -> list[str]:
    if meaning in ELEMENTS:
        return [meaning]
    return meaning.split("code ")[1].split() if "code " in meaning else []


# Putting pieces together -------------------------------------------------------------------------


@dataclass
class _Run:
    """Pieces that stand together and may name one Creative Commons licence."""

    start: int = -1
    end: int = -1
    named: bool = False
    """Creative Commons is named in it."""
    coded: bool = False
    labelled: bool = False
    elements: dict[str, int] = field(default_factory=dict)

    def take(self, piece: Piece) -> None:
        start, self.end, meaning = piece
        self.start = start if self.start < 0 else self.start
        elements = _elements_of(meaning)
        self.elements.update(dict.fromkeys(elements, start))
        self.named = self.named or meaning.startswith("cc")
        self.coded = self.coded or "code" in meaning
        self.labelled = self.labelled or meaning in ELEMENTS

    def goes_on(self, piece: Piece, tokens: list[str]) -> bool:
        """Whether a piece still belongs to this run."""
        start, _, meaning = piece
        if self.start < 0:
            return True
        if meaning.startswith("cc") and self.elements:
            return False
        if self.elements.keys() & set(_elements_of(meaning)):
            return False
        between = tokens[self.end : start]
        if any(t in BREAKS or t[0] == MARK for t in between):
            return False
        if self.elements and any(_is_version(t) for t in between):
            return False
        strange = [t for t in between if not (_is_filler(t) or _is_version(t))]
        allowed = 0 if meaning.startswith("code") else 2 if self.elements else 3
        return len(strange) <= allowed


def _collect(words: Words, pieces: list[Piece]) -> None:
    run = _Run()
    for piece in pieces:
        element_or_name = piece[2] == "cc" or bool(_elements_of(piece[2]))
        if not element_or_name or not run.goes_on(piece, words.tokens):
            _close(words, run)
            run = _Run()
        if element_or_name:
            run.take(piece)
        else:
            _note_other(words, *piece)
    _close(words, run)


def _close(words: Words, run: _Run) -> None:
    if not run.elements:
        return
    mention = _mention(words, run)
    if mention:
        words.mentions.append(mention)
    elif run.labelled:
        for element, place in run.elements.items():
            if element != "by":
                words.strays.setdefault(element, place)


def _mention(words: Words, run: _Run) -> Mention | None:
    elements, note = frozenset(run.elements), ""
    if {"nd", "sa"} <= elements:
        elements -= {"sa"}
        note = "NoDerivatives and ShareAlike cannot stand together"
    family = tables.FAMILY_BY_ELEMENTS.get(elements)
    version, port = _version_after(words.tokens, run)
    version = version or _version_inside(words.tokens, run)
    if "by" not in elements and not (run.named and version == "1.0"):
        return None  # licences without BY were retired in 2004; a loose "NC" is none of them
    if family is None or not _believable(words, run, version):
        return None
    return Mention(run.start, family, version, port, note)


def _believable(words: Words, run: _Run, version: str | None) -> bool:
    """Whether these words name a licence: "Creative Commons by the city" does not."""
    following = words.tokens[run.end] if run.end < len(words.tokens) else "."
    ends = (
        following in BREAKS
        or following[0] in MARK + "©"
        or following in tables.cues("scopes")
        or _is_version(following)
        or following.startswith(tables.stems("license_stems"))
    )
    several = len(run.elements) > 1
    whole = run.end - run.start >= words.length - 1
    if run.named:
        bare_by = run.coded and not several and words.tokens[run.start].startswith("creative")
        return ends if bare_by else True
    if not run.labelled:
        return several and (ends or whole or words.names_creative_commons or words.length < 12)
    return several or version is not None or whole


def _is_filler(token: str) -> bool:
    return (
        token in OPENERS
        or token in tables.cues("fillers")
        or token.startswith(tables.stems("license_stems"))
    )


# Versions and ports ------------------------------------------------------------------------------


def _is_version(token: str) -> bool:
    return token.replace(",", ".") in _VERSIONS


def _version_after(tokens: list[str], run: _Run) -> tuple[str | None, str | None]:
    """The version and port behind a name: ``4.0``, ``(unported, v3.0)``, ``-40``, ``3.0 DE``."""
    for i in range(run.end, min(len(tokens), run.end + 6)):
        version, used = _version_at(tokens, i, coded=run.coded and i == run.end)
        if version:
            return version, _port_after(tokens, i + used)
        if not _is_filler(tokens[i]):
            break
    return None, None


def _version_at(tokens: list[str], i: int, coded: bool) -> tuple[str | None, int]:
    """The version at a place, and of how many tokens. ``40`` and ``4`` count only behind a code."""
    token = tokens[i].replace(",", ".")
    if token in _VERSIONS:
        return token, 1
    if coded and token in _CODED_VERSIONS:
        return _CODED_VERSIONS[token], 1
    if token not in ("1", "2", "3", "4"):
        return None, 0
    after = tokens[i + 1] if i + 1 < len(tokens) else "."
    if coded and f"{token}.{after}" in _VERSIONS:
        return f"{token}.{after}", 2
    if tokens[i - 1] in tables.cues("version_words") or tokens[i - 1].endswith(
        ("byv", "ncv", "ndv", "sav")
    ):
        return f"{token}.0", 1
    return (f"{token}.0", 1) if coded and after in BREAKS else (None, 0)


def _version_inside(tokens: list[str], run: _Run) -> str | None:
    """``CC 4.0 BY``, ``Creative Commons 3.0 Attribution``."""
    return next((t.replace(",", ".") for t in tokens[run.start : run.end] if _is_version(t)), None)


def _port_after(tokens: list[str], i: int) -> str | None:
    """The port behind a version; a code must end its sentence: "3.0 in accordance" has none."""
    while i < len(tokens) and tokens[i] in tables.cues("scopes"):
        i += 1
    if i >= len(tokens):
        return None
    named = _label_at(tokens, i, port_labels().get(tokens[i], ()))
    if named:
        return named[2]
    last = i + 1 == len(tokens) or tokens[i + 1] in BREAKS | OPENERS
    return tokens[i] if last and tokens[i] in tables.port_names() else None


# Other licences and signals ----------------------------------------------------------------------


def _note_other(words: Words, start: int, end: int, meaning: str) -> None:
    if meaning.startswith("other:"):
        _other_license(words, start, end, meaning)
    elif meaning in ("cc0", "pdm", "cc-pddc") or meaning.startswith("cc-"):
        version, _ = _version_after(words.tokens, _Run(start, end))
        words.mentions.append(Mention(start, meaning, version))
    else:
        words.signals.setdefault(meaning, (start, end))


def _other_license(words: Words, start: int, end: int, meaning: str) -> None:
    """A short name needs company: "MIT" alone or "MIT License", but not "MIT OpenCourseWare"."""
    tokens, version, stop = words.tokens, None, end
    for i in range(end, min(len(tokens), end + 5)):
        token = tokens[i].replace(",", ".")
        if re.fullmatch(r"\d(?:\.\d)?", token):
            version, stop = token if "." in token else f"{token}.0", i + 1
            break
        if not _is_filler(token):
            break
    beside = [tokens[i] for i in (start - 1, end) if 0 <= i < len(tokens)]
    named = (
        end - start > 1
        or version
        or any(t.startswith(tables.stems("license_stems")) for t in beside)
    )
    if named or stop - start >= words.length:
        words.mentions.append(Mention(start, meaning, version))
