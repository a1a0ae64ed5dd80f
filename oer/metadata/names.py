"""Names of people and organisations, and the vCards that LOM puts them in.

What a newcomer would get wrong: "Last, First" is turned round only where the record says that it
names a person; Dublin Core never does. An e-mail address never passes, wherever it stood.
"""

import html
import quopri
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from oer.metadata.identifiers import read_identifier
from oer.metadata.resource_metadata import Agent, Identifier
from oer.metadata.text import clean_line

MAX_VCARD = 100_000
"""Longer cards carry photographs; only their beginning is read."""

AGENT_SCHEMES = frozenset({"orcid", "isni", "ror", "wikidata", "url"})
"""Identifiers that people and organisations have."""

_E_MAIL = re.compile(
    # With a dot in the domain: "DigitalCommons@CalPoly" is a name.
    r"(?:e-?mail:\s*|mailto:)?[^\s@<>()\[\];:,]{1,64}@"
    r"[^\s@<>()\[\];:,.]{1,63}(?:\.[^\s@<>()\[\];:,.]{1,63}){1,9}",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"<\s*>|\(\s*\)|\[\s*\]")

_TITLE = r"(?:prof(?:essor)?|dr|docent|dosentti|drs|dipl|priv\.-doz|pd|mag)"
_SPECIALITY = r"(?:-?(?:ing|rer|nat|med|phil|habil|jur|iur|pol|oec|päd|vet|h\.\s?c)\.)"
_TITLES = re.compile(
    rf"^((?:{_TITLE}(?:\.-?|(?=\s))\s*(?:{_SPECIALITY}\s*)*)+)(?=\w)", re.IGNORECASE
)
_NO_GIVEN_NAME = re.compile(
    r"^(?:[js]r|i{2,3}|iv|ph\.?\s?d|m\.?d|inc|ltd|llc|gmbh|oy|ab|b\.?v)\.?$", re.IGNORECASE
)

_PROPERTIES = (
    "BEGIN|END|VERSION|FN|N|ORG|TITLE|ROLE|EMAIL|TEL|ADR|LABEL|URL|UID|KIND|NOTE|PHOTO|LOGO|SOUND|"
    "KEY|REV|CLASS|GEO|TZ|BDAY|MAILER|NICKNAME|CATEGORIES|PRODID|SORT-STRING|SOURCE|NAME|PROFILE|"
    r"AGENT|IMPP|RELATED|MEMBER|LANG|GENDER|X-[\w-]+"
)
_PROPERTY = re.compile(rf"(?:\w+\.)?({_PROPERTIES})((?:;[^:]*)?):(.*)", re.IGNORECASE | re.DOTALL)
_NEXT_PROPERTY = re.compile(rf"\s+(?=(?:{_PROPERTIES})(?:;[\w=,-]+)*:)")
_RUN_TOGETHER = re.compile(r"(?<=BEGIN:VCARD)(?=\w)|(?<=\S)(?=END:VCARD|EMAIL[;:])")
_ESCAPE = re.compile(r"\\([\\,;:nN])")
_SEMICOLON = re.compile(r"(?<!\\);")


class _Line(NamedTuple):
    name: str
    value: str


def without_e_mail(name: str) -> str:
    """The name without any e-mail address in it, or the empty string where it was nothing else."""
    if "@" not in name:
        return name
    rest = _EMPTY_BRACKETS.sub("", _E_MAIL.sub("", name))
    rest = " ".join(rest.split()).strip(" ,;:<>-")
    return rest if rest == name else without_e_mail(rest)


def hide_e_mail(text: str) -> str:
    """The text with a mark where an e-mail address stood, for the audit."""
    return _E_MAIL.sub("[e-mail]", text) if "@" in text else text


def read_person(agent: Agent) -> Agent:
    """Turn "Last, First" round where the record says that it is a person; else change nothing."""
    if agent.type != "person" or agent.given_name or agent.family_name:
        return agent
    family, comma, given = (part.strip() for part in agent.name.partition(","))
    if not (comma and family and given) or "," in given or _NO_GIVEN_NAME.match(given):
        return agent
    return msgspec.structs.replace(
        agent,
        name=f"{given} {family}",
        given_name=given,
        family_name=family,
        raw=agent.raw or agent.name,
    )


def read_vcard(text: str) -> Agent | None:
    """The person or organisation of a vCard 2.1, 3.0 or 4.0; None where it names nobody.

    Records indent the lines, fold them, run them together or put a bare name in place of a card:
    whatever can be read is. The card itself is not kept, for it may hold an address or a telephone.
    """
    text = html.unescape(text[:MAX_VCARD]).strip()
    if "BEGIN:VCARD" not in text[:200].upper():
        name = without_e_mail(clean_line(text[:1000]))
        return Agent(name) if name else None
    card: dict[str, str] = {}
    identifiers: dict[Identifier, None] = {}
    for line in _lines(text):
        if line.name in ("URL", "UID") or line.name.startswith("X-"):
            identifiers.update(dict.fromkeys(_identifier(line)))
        elif line.name not in card and line.value:
            card[line.name] = line.value
    return _agent(card, tuple(identifiers))


def _agent(card: dict[str, str], identifiers: tuple[Identifier, ...]) -> Agent | None:
    parts = [*_SEMICOLON.split(card.get("N", "")), "", "", "", ""]
    family, given, additional, prefix = (_value(part) for part in parts[:4])
    organisation = ", ".join(filter(None, map(_value, _SEMICOLON.split(card.get("ORG", "")))))
    full_name = _value(card.get("FN", ""))
    name = full_name or " ".join(filter(None, (given, additional, family))) or organisation
    if not name:
        return None
    type_ = _type(card.get("KIND", ""), name, bool(family and given), organisation)
    if type_ == "organization":
        return Agent(name, type_, identifiers=identifiers)
    name, prefix = _without_titles(name, prefix)
    return read_person(
        Agent(
            name,
            type_,
            given_name=given or None,
            family_name=family if family and given else None,
            honorific_prefix=prefix or None,
            affiliation=(organisation,) if organisation else (),
            identifiers=identifiers,
        )
    )


def _type(
    kind: str, name: str, has_both_names: bool, organisation: str
) -> Literal["person", "organization"] | None:
    """What the card names, where it tells: its KIND, a full N, or an ORG that is the name."""
    if kind.lower() in ("org", "organization", "group") or name == organisation:
        return "organization"
    return "person" if kind.lower() == "individual" or has_both_names else None


def _without_titles(name: str, prefix: str) -> tuple[str, str]:
    """The name and the academic titles before it."""
    if prefix and name.startswith(f"{prefix} "):
        return name[len(prefix) :].strip(), prefix
    if match := _TITLES.match(name):
        return name[match.end() :], prefix or match[1].strip()
    return name, prefix


def _identifier(line: _Line) -> Iterator[Identifier]:
    value = _ESCAPE.sub(r"\1", line.value)
    found = read_identifier(value, line.name.removeprefix("X-").removesuffix("-URI"))
    if found.scheme in AGENT_SCHEMES:
        yield found


def _lines(text: str) -> Iterator[_Line]:
    for line in _unfolded(text):
        if match := _PROPERTY.match(line):
            name, parameters, value = match[1].upper(), match[2].upper(), match[3]
            if "QUOTED-PRINTABLE" in parameters:
                value = _decoded(value)
            yield _Line(name, value.strip())


def _unfolded(text: str) -> list[str]:
    """The properties, each on a line of its own.

    A line that begins with no property goes on the one before: folding (RFC 6350 §3.2) cannot be
    told from indentation by its white space.
    """
    if re.match(r"BEGIN:VCARD\\[rn]", text, re.IGNORECASE):  # line ends written as \n
        text = text.replace("\\r", "").replace("\\n", "\n")
    lines = _RUN_TOGETHER.sub("\n", text).splitlines()
    if len(lines) == 1:
        return _NEXT_PROPERTY.sub("\n", text).split("\n")
    indents = [len(s) - len(s.lstrip()) for s in lines[1:] if _PROPERTY.match(s.lstrip())]
    indent = min(indents, default=0)
    found: list[str] = []
    for line in lines:
        if _PROPERTY.match(line.lstrip()) or not found:
            found.append(line.strip())
        elif found[-1].endswith("=") and "QUOTED-PRINTABLE" in found[-1].upper():
            found[-1] = found[-1][:-1] + line.strip()
        else:
            found[-1] += (
                line[indent + 1 :] if line[indent : indent + 1].isspace() else f" {line.strip()}"
            )
    return found


def _decoded(value: str) -> str:
    data = quopri.decodestring(value.encode())
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _value(text: str) -> str:
    """A value without escapes, on one line, and without an e-mail address."""
    plain = _ESCAPE.sub(lambda match: " " if match[1] in "nN" else match[1], text)
    return without_e_mail(clean_line(plain))
