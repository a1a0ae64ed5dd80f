"""Reading OAI-PMH requests: which verb, which arguments, which part of which list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Arguments = dict[str, str]


class OaiError(Exception):
    """An error of the protocol, by its code (OAI-PMH 2.0 §3.6)."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Verb:
    """The arguments a verb needs, and those it may have."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


LIST = Verb(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"}))

VERBS = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=frozenset({"identifier"})),
    "ListSets": Verb(optional=frozenset({"resumptionToken"})),
    "ListIdentifiers": LIST,
    "ListRecords": LIST,
    "GetRecord": Verb(frozenset({"metadataPrefix", "identifier"})),
}

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DATESTAMP = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)
SET_SPEC = re.compile(r"[\w.!~*'()-]+(:[\w.!~*'()-]+)*", re.ASCII)


def checked(pairs: Sequence[tuple[str, str]]) -> tuple[str, Arguments]:
    """The verb and its other arguments, once they are known to fit together."""
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiError("badVerb", f"One verb is needed. Known: {', '.join(VERBS)}.")
    arguments = {name: value for name, value in pairs if name != "verb"}
    if problem := _problem(verbs[0], arguments, repeated=len(arguments) + 1 != len(pairs)):
        raise OaiError("badArgument", problem)
    return verbs[0], arguments


def bounds(arguments: Arguments, granularity: str) -> tuple[str | None, str | None]:
    """From and until as full datestamps, both inclusive: a day alone is all of its seconds."""
    from_ = _bound(arguments, "from", "T00:00:00Z", granularity)
    until = _bound(arguments, "until", "T23:59:59Z", granularity)
    if from_ and until and len(arguments["from"]) != len(arguments["until"]):
        raise OaiError("badArgument", "from and until must have the same granularity.")
    if from_ and until and from_ > until:
        raise OaiError("badArgument", "from must not be later than until.")
    return from_, until


def asked_set(arguments: Arguments) -> str | None:
    """The setSpec asked for, if any."""
    set_spec = arguments.get("set")
    if set_spec is not None and not SET_SPEC.fullmatch(set_spec):
        raise OaiError("badArgument", f"{set_spec!r} is no setSpec.")
    return set_spec


# A resumption token holds the whole request, so that the server remembers nothing and a token can
# be used again (§3.5): verb|metadataPrefix|set|from|until|cursor.

TOKEN_FIELDS = ("metadataPrefix", "set", "from", "until")


def token(verb: str, arguments: Arguments, cursor: int) -> str:
    """The token that goes on with this list at the cursor."""
    return "|".join([verb, *(arguments.get(name, "") for name in TOKEN_FIELDS), str(cursor)])


def resumed(verb: str, value: str) -> tuple[Arguments, int]:
    """The arguments and the cursor that a token stands for."""
    parts = value.split("|")
    known = len(parts) == len(TOKEN_FIELDS) + 2 and parts[0] == verb and parts[1]
    if not known or not re.fullmatch("[1-9][0-9]{0,5}", parts[-1]):
        raise OaiError("badResumptionToken", "This token was not given out by this list.")
    fields = zip(TOKEN_FIELDS, parts[1:-1], strict=True)
    return {name: field for name, field in fields if field}, int(parts[-1])


def _problem(name: str, arguments: Arguments, *, repeated: bool) -> str | None:
    verb = VERBS[name]
    if repeated:
        return "An argument was given twice."
    if unknown := sorted(set(arguments) - verb.required - verb.optional):
        return f"{name} knows no argument {unknown[0]!r}."
    if any(NOT_IN_XML.search(value) for value in arguments.values()):
        return "A value has characters that XML cannot hold."
    if "resumptionToken" in arguments:
        return "resumptionToken must be the only argument." if len(arguments) > 1 else None
    if missing := sorted(verb.required - set(arguments)):
        return f"{name} needs the argument {missing[0]!r}."
    return None


def _bound(arguments: Arguments, name: str, time: str, granularity: str) -> str | None:
    value = arguments.get(name)
    if value is None:
        return None
    if not DATESTAMP.fullmatch(value) or len(value) > len(granularity):
        raise OaiError("badArgument", f"{name} must be {granularity}.")
    full = value if "T" in value else value + time
    try:
        datetime.strptime(full, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise OaiError("badArgument", f"{name}={value} is no date.") from None
    return full
