"""Identifiers and web addresses: which scheme they are of, and their canonical form.

What a newcomer would get wrong: a resolver's address (``https://doi.org/…``, ``https://urn.fi/…``)
*is* the identifier it resolves, and is read as such; a number with a wrong check digit is not an
identifier of its scheme, whatever the record calls it; and an OAI identifier names a record in a
repository, so it is never made into a web address.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from oer.metadata.resource_metadata import Identifier

MAX_URL = 4096
"""Longer addresses work nowhere."""

SCHEME_NAMES = {
    "doi": "doi", "handle": "handle", "hdl": "handle", "urn": "urn", "urn:nbn": "urn",
    "urn:nbn:nl": "urn", "nbn": "urn", "isbn": "isbn", "issn": "issn", "eissn": "issn",
    "url": "url", "uri": "url", "http": "url", "https": "url", "ark": "ark", "oai": "oai",
    "orcid": "orcid", "isni": "isni", "ror": "ror", "wikidata": "wikidata",
}  # fmt: skip
"""What records call the schemes, without regard to case; other names give no hint."""

URN_RESOLVERS = {
    "fi": "https://urn.fi/",
    "se": "https://urn.kb.se/resolve?urn=",
    "no": "https://urn.nb.no/",
    "de": "https://nbn-resolving.org/",
    "at": "https://nbn-resolving.org/",
    "ch": "https://nbn-resolving.org/",
    "nl": "https://persistent-identifier.nl/",
}
"""Where the national bibliography numbers of a country resolve (RFC 8458)."""

RESOLVERS = {
    "doi": "https://doi.org/",
    "handle": "https://hdl.handle.net/",
    "ark": "https://n2t.net/",
    "orcid": "https://orcid.org/",
    "isni": "https://isni.org/isni/",
    "ror": "https://ror.org/",
    "wikidata": "https://www.wikidata.org/entity/",
}

UNREGISTERED_HANDLE = "123456789/"
"""The prefix DSpace comes with: it resolves nowhere."""

_FLAGS = re.IGNORECASE
_DOI = re.compile(
    r"(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/(?:doi:)?|info:doi/|urn:doi:|doi(?::|\s)\s*)?"
    r"(10\.\d{4,9}(?:\.\d+)*/\S+)",
    _FLAGS,
)
_HANDLE = re.compile(
    r"(?:(?:https?://)?hdl\.handle\.net/|info:hdl/|(?:hdl|handle):\s*)(\d[\w.]*/\S+)", _FLAGS
)
_BARE_HANDLE = re.compile(r"(\d[\w.]*/\S+)")
_URN = re.compile(
    r"(?:https?://(?:www\.)?(?:urn\.fi|urn\.kb\.se|urn\.nb\.no|nbn-resolving\.(?:de|org)|"
    r"persistent-identifier\.nl|resolver\.kb\.nl)/(?:[\w./]*\?(?:urn|identifier)=)?|urn:(?=urn:))?"
    r"(urn:[a-z0-9][a-z0-9-]{0,31}:\S+)",
    _FLAGS,
)
_NBN = re.compile(r"urn:nbn:([a-z]{2})(?=[:-])", _FLAGS)
_ISBN = re.compile(r"(urn:isbn:|isbn(?:-?1[03])?(?::|\s|$)\s*)?(\d[\d\s‐–-]{8,20}[\dX])", _FLAGS)
_ISSN = re.compile(r"(urn:issn:|e?-?issn(?::|\s)\s*)?(\d{4})([-‐–]?)(\d{3}[\dX])", _FLAGS)
_SIXTEEN = r"(\d{4})([\s-]?)(\d{4})[\s-]?(\d{4})[\s-]?(\d{3}[\dX])"
_ORCID = re.compile(rf"((?:https?://)?(?:www\.)?orcid\.org/|orcid(?::|\s)\s*)?{_SIXTEEN}/?", _FLAGS)
_ISNI = re.compile(
    rf"((?:https?://)?(?:www\.)?isni\.org/(?:isni/)?|isni(?::|\s)\s*)?{_SIXTEEN}/?", _FLAGS
)
_ROR = re.compile(r"((?:https?://)?(?:www\.)?ror\.org/|ror:\s*)?(0[a-z0-9]{6}\d\d)/?", _FLAGS)
_WIKIDATA = re.compile(
    r"(https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wikidata:\s*|wd:)?(Q[1-9]\d*)", _FLAGS
)
_ARK = re.compile(r"(?:https?://(?:www\.)?n2t\.net/)?(ark:/?\d{5,9}/\S+)", _FLAGS)
_OAI = re.compile(r"oai:[a-z][\w.-]*:\S.*", _FLAGS)

_RESOLVER = re.compile(
    r"https?://(?:www\.|dx\.|m\.)?(?:doi\.org|hdl\.handle\.net|urn\.(?:fi|kb\.se|nb\.no)|"
    r"nbn-resolving\.|persistent-identifier\.nl|resolver\.kb\.nl|orcid\.org|isni\.org|ror\.org|"
    r"wikidata\.org|n2t\.net)",
    _FLAGS,
)
"""Whose addresses are identifiers of other schemes; every other address is just an address."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_ESCAPED = re.compile(r"&(?:amp;)*(amp|lt|gt);")
_TO_QUOTE = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_SAFE_IN_PATH = "/:;,()!$'*+=@~"
_NO_HOSTS = frozenset({"http", "https", "null", "none", "undefined"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PRIVATE_DOMAINS = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "arpa"}
)


@lru_cache(maxsize=16_384)
def read_identifier(raw: str, scheme_hint: str | None = None) -> Identifier:
    """The identifier in its scheme's canonical form; scheme ``other`` where it is of none we know.

    ``scheme_hint`` is what the record calls it. It decides where a bare number could be of several
    schemes, and never overrules a check digit. Reading a canonical value again changes nothing.
    """
    text = _unescaped(" ".join(_INVISIBLE.sub("", raw).split()))
    hint = SCHEME_NAMES.get((scheme_hint or "").strip().casefold())
    plain_address = text[:4].lower() == "http" and not _RESOLVER.match(text)
    for scheme, read in (("url", _url),) if plain_address else _READERS.items():
        value = read(text, hint)
        if value:
            return Identifier(value, scheme, raw if raw != value else None)
    return Identifier(text, "other", raw if raw != text else None)


@lru_cache(maxsize=16_384)
def normalise_url(raw: str) -> str | None:
    """A usable web address, or None: http and https only, no user names, ASCII, query kept.

    Takes away what copying leaves behind (white space around it, word joiners, angle brackets,
    ``&amp;``), encodes what must be encoded, and lowers the case of scheme and host. An address
    that begins with ``www.`` gets the ``http://`` a browser would give it.
    """
    text = _unescaped(_INVISIBLE.sub("", raw).strip().strip("<>").strip())
    if text[:4].lower() == "www.":
        text = f"http://{text}"
    if text[:8].lower().startswith(("http://", "https://")) and len(text) <= MAX_URL:
        try:
            return _rebuilt(text)
        except ValueError:
            return None
    return None


def identifier_url(identifier: Identifier) -> str | None:
    """Where an identifier leads on the web, None where nothing resolves it.

    Never an address for an OAI identifier, an ISBN or an ISSN: those have no resolver of their own.
    """
    value = identifier.value
    match identifier.scheme:
        case "url":
            return normalise_url(value)
        case "urn":
            country = _NBN.match(value)
            resolver = URN_RESOLVERS.get(country[1].lower()) if country else None
            return normalise_url(resolver + value) if resolver else None
        case "handle" if value.startswith(UNREGISTERED_HANDLE):
            return None
        case scheme if scheme in RESOLVERS:
            return normalise_url(RESOLVERS[scheme] + quote(value, safe=_SAFE_IN_PATH))
    return None


def dedup_key(identifier: Identifier | str) -> str | None:
    """What two copies of one resource have in common, or None where the identifier cannot tell.

    Web addresses are compared without scheme, ``www.`` and trailing slash; a resolver's address
    counts as what it resolves. An ISSN names a journal and an ORCID a person: they give no key.
    """
    if isinstance(identifier, str):
        identifier = read_identifier(identifier)
    else:
        identifier = read_identifier(identifier.value, identifier.scheme)
    if identifier.scheme == "url":
        parts = urlsplit(identifier.value)
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"url:{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{query}{fragment}"
    if identifier.scheme in ("urn", "ark", "oai"):
        return identifier.value
    if identifier.scheme in ("doi", "handle", "isbn"):
        return f"{identifier.scheme}:{identifier.value}"
    return None


def is_private_host(url: str) -> bool:
    """Whether an address names a machine that readers elsewhere cannot reach."""
    host = urlsplit(url).hostname or ""
    if host[-1:].isdecimal() or ":" in host:
        try:
            return not ip_address(host).is_global
        except ValueError:
            pass  # a name that ends in a digit
    return "." not in host or host.rpartition(".")[2] in _PRIVATE_DOMAINS


def _rebuilt(text: str) -> str | None:
    parts = urlsplit(text)
    scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    if "@" in parts.netloc or " http" in text:
        return None
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    host = host.rstrip(".")
    if not _is_host(host):
        return None
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port is None or port == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
    rest = (_TO_QUOTE.sub(_quoted, part) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((scheme, netloc, *rest))


def _is_host(host: str) -> bool:
    """Whether it can name a machine. Numbers must be whole IP addresses: 2130706433 hides one."""
    if ":" in host or re.fullmatch(r"(?:0x[0-9a-f]+|\d+)", host.rpartition(".")[2]):
        ip_address(host)  # ValueError where it is none
        return True
    return len(host) <= 253 and host not in _NO_HOSTS and bool(_HOST.fullmatch(host))


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], safe="")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    return {"amp": "&", "lt": "<", "gt": ">"}[match[1]]


def _doi(text: str, hint: str | None) -> str | None:
    """A DOI without resolver, in lower case (ISO 26324: case has no meaning)."""
    if "doi.org/" in text.lower():
        text = unquote(text)
    match = _DOI.fullmatch(text)
    value = match[1].rstrip(".,;").lower() if match else ""
    return value if value[-1:] not in ("", "/") else None


def _handle(text: str, hint: str | None) -> str | None:
    match = _HANDLE.fullmatch(text) or (_BARE_HANDLE.fullmatch(text) if hint == "handle" else None)
    return match[1] if match else None


def _urn(text: str, hint: str | None) -> str | None:
    """A URN with scheme and namespace in lower case (RFC 8141 §3.1; for NBN also the country)."""
    match = _URN.fullmatch(text)
    if match is None:
        return None
    while (value := match[1])[4:8].lower() == "urn:" and (inner := _URN.fullmatch(value[4:])):
        match = inner
    namespace, _, specific = value[4:].partition(":")
    value = f"urn:{namespace.lower()}:{specific}"
    return _NBN.sub(lambda country: country[0].lower(), value, count=1)


def _isbn(text: str, hint: str | None) -> str | None:
    """An ISBN as 13 digits (ISO 2108), older ones of ten converted."""
    match = _ISBN.fullmatch(text)
    if match is None:
        return None
    digits = re.sub(r"[^\dX]", "", match[2].upper())
    sure = match[1] or hint == "isbn" or len(digits) == 13 or len(re.findall("[-‐–]", text)) == 3
    if len(digits) == 10 and sure and _weighted(digits, range(10, 0, -1)) % 11 == 0:
        first = f"978{digits[:9]}"
        return first + str(-_weighted(first, (1, 3) * 6) % 10)
    is_13 = len(digits) == 13 and digits.isdecimal() and digits[:3] in ("978", "979")
    return digits if is_13 and _weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0 else None


def _issn(text: str, hint: str | None) -> str | None:
    """An ISSN with its hyphen (ISO 3297). "1990-2005" unasked is rather a span of years."""
    match = _ISSN.fullmatch(text)
    if match is None:
        return None
    prefix, first, hyphen, last = match[1], match[2], match[3], match[4].upper()
    years = all("1500" <= part <= "2100" for part in (first, last))
    if not (prefix or hint == "issn" or (hyphen and not years)):
        return None
    return f"{first}-{last}" if _weighted(first + last, range(8, 0, -1)) % 11 == 0 else None


def _orcid(text: str, hint: str | None) -> str | None:
    """An ORCID iD with hyphens, out of the block that ISNI gave to ORCID."""
    digits, sure = _sixteen(_ORCID.fullmatch(text), hint == "orcid")
    own_block = digits[:8] in ("00000001", "00000002", "00000003") or digits[:4] == "0009"
    if not digits or not own_block or not sure or (hint == "isni" and "orcid" not in text.lower()):
        return None
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


def _isni(text: str, hint: str | None) -> str | None:
    digits, sure = _sixteen(_ISNI.fullmatch(text), hint == "isni")
    named = hint == "isni" or text.lower().startswith(("isni", "http", "www"))
    return digits if sure and named else None


def _sixteen(match: re.Match[str] | None, hinted: bool) -> tuple[str, bool]:
    """Sixteen characters with a right check digit (ISO 7064 MOD 11-2), and whether asked for."""
    if match is None:
        return "", False
    digits = (match[2] + match[4] + match[5] + match[6]).upper()
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    right = "0123456789X"[(12 - total % 11) % 11] == digits[15]
    return (digits, bool(match[1] or hinted or match[3] == "-")) if right else ("", False)


def _ror(text: str, hint: str | None) -> str | None:
    """A ROR identifier without its address; its last two digits check the rest (ISO 7064)."""
    match = _ROR.fullmatch(text)
    if match is None or not (match[1] or hint == "ror"):
        return None
    value, number = match[2].lower(), 0
    for letter in value[:7]:
        index = "0123456789abcdefghjkmnpqrstvwxyz".find(letter)
        if index < 0:
            return None
        number = number * 32 + index
    return value if 98 - number * 100 % 97 == int(value[7:]) else None


def _wikidata(text: str, hint: str | None) -> str | None:
    match = _WIKIDATA.fullmatch(text)
    return match[2].upper() if match and (match[1] or hint == "wikidata") else None


def _ark(text: str, hint: str | None) -> str | None:
    match = _ARK.fullmatch(text)
    return f"ark:{match[1][4:]}" if match else None


def _oai(text: str, hint: str | None) -> str | None:
    return text if _OAI.fullmatch(text) else None


def _url(text: str, hint: str | None) -> str | None:
    return normalise_url(text)


def _weighted(digits: str, weights: Iterable[int]) -> int:
    values = (10 if digit == "X" else int(digit) for digit in digits)
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


_READERS: dict[str, Callable[[str, str | None], str | None]] = {
    "doi": _doi,
    "handle": _handle,
    "isbn": _isbn,
    "issn": _issn,
    "urn": _urn,
    "orcid": _orcid,
    "isni": _isni,
    "ror": _ror,
    "wikidata": _wikidata,
    "ark": _ark,
    "oai": _oai,
    "url": _url,
}
"""Tried from the top: the first that recognises the text names its scheme."""
