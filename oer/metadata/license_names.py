"""What a licence is called: the short name on a badge and the full title, in fi, sv and en."""

from functools import lru_cache

from oer.metadata import license_tables as tables
from oer.metadata import license_uris as uris

LANGUAGES = ("fi", "sv", "en")

_ELEMENT_TITLES = {
    "en": {"by": "Attribution", "nc": "NonCommercial", "nd": "NoDerivatives", "sa": "ShareAlike"},
    "fi": {"by": "Nimeä", "nc": "EiKaupallinen", "nd": "EiMuutoksia", "sa": "JaaSamoin"},
    "sv": {
        "by": "Erkännande",
        "nc": "IckeKommersiell",
        "nd": "IngaBearbetningar",
        "sa": "DelaLika",
    },
}
_SCOPES = {
    "en": {"4.0": "International", "3.0": "Unported", "": "Generic"},
    "fi": {"4.0": "Kansainvälinen", "3.0": "Muokkaamaton", "": "Raakaversio"},
    "sv": {"4.0": "Internationell", "3.0": "Unported", "": "Generisk"},
}
_TITLES = {
    "cc0": {
        "en": "CC0 1.0 Universal",
        "fi": "CC0 1.0 Yleismaailmallinen",
        "sv": "CC0 1.0 Universell",
    },
    "pdm": {
        "en": "Public Domain Mark 1.0",
        "fi": "Public Domain -merkki 1.0",
        "sv": "Public Domain-märket 1.0",
    },
    "cc-pddc": dict.fromkeys(LANGUAGES, "Creative Commons Public Domain Dedication"),
    "cc-sampling": {"en": "Sampling", "fi": "Sämpläys", "sv": "Sampling"},
    "cc-sampling-plus": {"en": "Sampling Plus", "fi": "Sämpläys Plus", "sv": "Sampling Plus"},
    "cc-nc-sampling-plus": {
        "en": "NonCommercial Sampling Plus",
        "fi": "EiKaupallinen sämpläys Plus",
        "sv": "IckeKommersiell Sampling Plus",
    },
    "cc-devnations": {
        "en": "Developing Nations License",
        "fi": "Developing Nations License (kehitysmaat)",
        "sv": "Developing Nations License (utvecklingsländer)",
    },
    "public-domain": {"en": "Public domain", "fi": "Public domain", "sv": "Public domain"},
    "in-copyright": {
        "en": "In copyright",
        "fi": "Tekijänoikeuden piirissä",
        "sv": "Underkastad upphovsrätt",
    },
    "other": {"en": "Other licence", "fi": "Muu lisenssi", "sv": "Annan licens"},
    "": {"en": "Licence not known", "fi": "Lisenssi ei tiedossa", "sv": "Licensen är inte känd"},
}
_SHORT = {
    "cc0": "CC0 1.0",
    "pdm": "Public Domain Mark 1.0",
    "cc-pddc": "CC Public Domain Dedication",
    "cc-sampling": "CC Sampling",
    "cc-sampling-plus": "CC Sampling Plus",
    "cc-nc-sampling-plus": "CC NC Sampling Plus",
    "cc-devnations": "CC Developing Nations",
}


@lru_cache(maxsize=2_048)
def name(uri_or_family: str, language: str) -> str:
    """The short name: ``CC BY-SA 4.0``, ``CC BY 3.0 DE``, ``MIT``; for a family without version.

    What is no licence has its label: ``name("", "fi")`` is "Lisenssi ei tiedossa". A URI that we do
    not know is returned as it is.
    """
    family, version, port = _parts(uri_or_family)
    if family in tables.LICENSE_ELEMENTS:
        code = family.removeprefix("cc-").upper()
        return " ".join(part for part in ("CC", code, version, _port_mark(port)) if part)
    if family in _SHORT:
        retired = version if version and version not in _SHORT[family] else None
        return " ".join(part for part in (_SHORT[family], retired, _port_mark(port)) if part)
    if family in tables.other_licenses():
        return " ".join(part for part in (tables.other_licenses()[family].name, version) if part)
    return _statement_title(family, language) or uri_or_family


@lru_cache(maxsize=2_048)
def title(uri_or_family: str, language: str) -> str:
    """The full title: ``Creative Commons Nimeä-JaaSamoin 4.0 Kansainvälinen``."""
    language = language if language in LANGUAGES else "en"
    family, version, port = _parts(uri_or_family)
    if family in tables.LICENSE_ELEMENTS:
        names = _ELEMENT_TITLES[language]
        elements = "-".join(names[e] for e in family.split("-")[1:])
        return " ".join(["Creative Commons", elements, *_edition(version, port, language)])
    if family.startswith("cc-") and family in _TITLES and family != "cc-pddc":
        edition = [part for part in (version, _port_title(port, language)) if part]
        return " ".join(["Creative Commons", _TITLES[family][language], *edition])
    if family in tables.other_licenses():
        license_ = tables.other_licenses()[family]
        longest = max(license_.labels, key=len)
        return " ".join(part for part in (longest, version) if part)
    return _statement_title(family, language) or uri_or_family


def _edition(version: str | None, port: str | None, language: str) -> list[str]:
    if version is None:
        return []
    scopes = _SCOPES[language]
    return [version, _port_title(port, language) or scopes.get(version, scopes[""])]


def _statement_title(family: str, language: str) -> str | None:
    language = language if language in LANGUAGES else "en"
    if family in _TITLES:
        return _TITLES[family][language]
    for statement in tables.rights_statements().values():
        if statement.family == family:
            return statement.labels[language]
    return None


def _port_mark(port: str | None) -> str | None:
    return port if port is None or len(port) > 3 else port.upper()


def _port_title(port: str | None, language: str) -> str | None:
    if port is None:
        return None
    return tables.port_names()[port][language][0]


def _parts(uri_or_family: str) -> tuple[str, str | None, str | None]:
    """Family, version and port of a URI; a family is itself."""
    if "/" not in uri_or_family:
        return uri_or_family, None, None
    reading = uris.read_uri(uri_or_family.lower())
    if reading is None or reading.family is None:
        return uri_or_family, None, None
    return reading.family, reading.version, reading.port
