"""All values of a facet on a page of their own: a list to look a name up in.

Works without scripts. The state of the search travels in the address, beside ``facet`` (which
list) and ``find`` (what is looked for in it); whatever cannot be understood counts as absent.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from oer.search.facet_names import NOT_STATED_NAME
from oer.search.index import CONJUNCTIVE, FACETS, NOT_STATED, SearchQuery
from oer.services import catalogue
from oer.web import facets, languages
from oer.web.context import context
from oer.web.facet_labels import heading, label_alone
from oer.web.search_state import SearchState
from oer.web.template_tools import my_list, search_url

MOST = 100
"""Values shown at once; what is looked for narrows them."""

LONGEST_FIND = 100


@dataclass(frozen=True)
class Value:
    """A value that can be added to the search, alone or with others."""

    code: str
    """As the index knows it."""
    label: str
    count: int
    checked: bool

    @property
    def written(self) -> str:
        """As it stands in an address."""
        return self.code or NOT_STATED_NAME


def page() -> str | AnyResponse:
    """The list; ``show``, or an address that names no facet, leads to the search."""
    state = SearchState.from_args(request.args).at(1)
    facet = request.args.get("facet", "")
    if facet not in FACETS or "show" in request.args:
        return redirect(search_url(state))
    find = " ".join(request.args.get("find", "")[:LONGEST_FIND].split())
    values = _values(state, facet)
    chosen = [each for each in values if each.checked]
    others = found([each for each in values if not each.checked], find)
    stated = [each for each in others if each.code]
    return render_template(
        "catalogue/values.html",
        state=state,
        facet=facet,
        heading=heading(facet),
        find=find,
        chosen=chosen,
        values=stated[:MOST],
        unstated=[each for each in others if not each.code],
        matching=len(stated),
        total=len(values),
        hidden=_hidden(state, facet),
    )


def url(state: SearchState, facet: str) -> str:
    """Where all values of a facet are."""
    query = state.at(1).query_string()
    address = url_for("catalogue.all_values", facet=facet)
    return f"{address}&{query}" if query else address


def found(values: Iterable[Value], find: str) -> list[Value]:
    """The values that hold every word of ``find``; those with words that begin so come first."""
    wanted = plain(find).split()
    if not wanted:
        return list(values)
    ranked = []
    for value in values:
        padded = f" {plain(value.label)}"
        if all(word in padded for word in wanted):
            ranked.append((not all(f" {word}" in padded for word in wanted), value))
    return [value for _, value in sorted(ranked, key=lambda pair: pair[0])]


def plain(text: str) -> str:
    """A name as it is compared: small letters without accents, a space for all else between."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


_UNDECOMPOSED = str.maketrans(
    {"ı": "i", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060")
)


def _values(state: SearchState, facet: str) -> list[Value]:
    ui = languages.ui_language()
    answer = context().index.search(
        SearchQuery(state.text, state.filters, limit=0, facets=(facet,))
    )
    with context().sessions() as session:
        names = {source.slug: source.name for source in catalogue.sources(session)}
    counts = dict(answer.facets.get(facet, ()))
    if facet in CONJUNCTIVE:
        # Nobody looks for what they may *not* do.
        counts.pop(NOT_STATED, None)
    chosen = state.filters.get(facet, ())
    counts = {**dict.fromkeys(chosen, 0), **counts}
    return [
        Value(
            code=value,
            label=label_alone(facet, value, ui, names),
            count=counts[value],
            checked=value in chosen,
        )
        for value in facets.in_order(facet, counts, ui)
    ]


def _hidden(state: SearchState, facet: str) -> list[tuple[str, str]]:
    """What the form carries along unseen: all but what its own boxes say."""
    code = my_list().code
    return [*([("list", code)] if code else []), *state.pairs(facet)]
