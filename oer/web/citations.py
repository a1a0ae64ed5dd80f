"""BibTeX and RIS: a material as reference managers and writers of papers take it.

Both formats are lines of text that break on their own special characters, and titles and names
come from outside: so everything is escaped, and nothing may begin a new line.
"""

from oer.metadata import licenses
from oer.metadata.identifiers import identifier_url
from oer.metadata.lang_strings import titles_for
from oer.metadata.resource_metadata import Agent, ResourceMetadata
from oer.web.links import safe_url
from oer.web.text import in_order_for

_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts escaped ones too: a lone one would swallow the rest of the file.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "%": r"\%",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
"""For the fields that are taken as they stand, to be links: ``url`` and ``doi``."""

_NO_ENTRY = str.maketrans("@{}", "   ")

_RIS_TYPES = {"video": "VIDEO", "audio": "SOUND", "image": "FIGURE"}


def bibtex(metadata: ResourceMetadata, key: str, permanent_url: str, ui: str) -> str:
    """A BibTeX entry. ``key`` is the material's address; the text is UTF-8."""
    verdict = licenses.verdict(metadata.license)
    named = verdict.uri or verdict.family
    url = safe_url(metadata.landing_page) or permanent_url
    fields = {
        "title": "{" + _tex(_title(metadata, ui)) + "}",
        "author": " and ".join(_bibtex_name(agent) for agent in metadata.creator if agent.name),
        "year": _year(metadata),
        "publisher": _tex(", ".join(agent.name for agent in metadata.publisher)),
        "language": _tex(", ".join(term.id or term.raw for term in metadata.language)),
        "doi": _line(_identifier(metadata, "doi")).translate(_VERBATIM),
        "isbn": _tex(_identifier(metadata, "isbn")),
        "url": _line(url).translate(_VERBATIM),
        "note": _tex(licenses.name(named, ui)) if named else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{key},", *lines, "}", ""))


def bibtex_comment(text: str) -> str:
    """A line beside the entries that no program takes for one of them."""
    return "% " + _line(text.translate(_NO_ENTRY)) + "\n"


def ris(metadata: ResourceMetadata, permanent_url: str, ui: str) -> str:
    """A RIS record, its lines ended as the format demands (CR LF)."""
    descriptions = in_order_for(ui, metadata.description)
    pairs = [
        ("TY", _ris_type(metadata)),
        ("TI", _title(metadata, ui)),
        *(("AU", _ris_name(agent)) for agent in metadata.creator),
        ("PY", _year(metadata)),
        *(("PB", agent.name) for agent in metadata.publisher),
        *(("LA", term.id or term.raw) for term in metadata.language),
        *(("KW", term.raw) for term in metadata.keywords),
        ("AB", descriptions[0].text if descriptions else ""),
        ("DO", _identifier(metadata, "doi")),
        ("SN", _identifier(metadata, "isbn")),
        ("UR", safe_url(metadata.landing_page) or permanent_url),
        ("L2", permanent_url),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in pairs if _line(value)]
    return "\r\n".join((*lines, "ER  - ", "", ""))


def _title(metadata: ResourceMetadata, ui: str) -> str:
    found = titles_for(ui, metadata)
    return found[0].text if found else ""


def _year(metadata: ResourceMetadata) -> str:
    dates = (*metadata.issued, *metadata.created, *metadata.modified)
    return next((str(date.year) for date in dates if date.year), "")


def _identifier(metadata: ResourceMetadata, scheme: str) -> str:
    found = (each for each in metadata.identifiers if each.scheme == scheme)
    return next((each.value for each in found if scheme != "doi" or identifier_url(each)), "")


def _bibtex_name(agent: Agent) -> str:
    if agent.given_name and agent.family_name:
        return f"{_name(agent.family_name)}, {_name(agent.given_name)}"
    return _name(agent.name, most_commas=1, whole=agent.type == "organization")


def _name(text: str, *, most_commas: int = 0, whole: bool = False) -> str:
    """A name or a part of one. What BibTeX cannot take apart rightly goes in braces, as one piece.

    It parts names at "and" and at commas, and takes the name "others" for "et al.".
    """
    name = _tex(text)
    parted = name.count(",") > most_commas or " and " in f" {name.lower()} "
    return f"{{{name}}}" if whole or parted or name.lower() == "others" else name


def _ris_name(agent: Agent) -> str:
    if agent.given_name and agent.family_name:
        return f"{agent.family_name}, {agent.given_name}"
    return agent.name


def _ris_type(metadata: ResourceMetadata) -> str:
    kinds = {(each.media_type or "").partition("/")[0] for each in metadata.materials}
    return _RIS_TYPES.get(kinds.pop(), "GEN") if len(kinds) == 1 else "GEN"


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
