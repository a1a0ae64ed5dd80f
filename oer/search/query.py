"""Reading what a person typed into the search box. There is no wrong input.

::

    words               all of them must be found, inflected or not
    "a phrase"          exactly these words, side by side in one text
    -word  -"a phrase"  must not be found (NOT word does the same)
    one OR other        either will do; binds tighter than the space between words
    title:word          in titles only; also author: and subject:, and phrases
    source:slug         from that source; also language:fi, license:cc-by, type:, level:, year:
                        and the other facets, by their codes or names
    taso:"toinen aste"  the common fields in Finnish and Swedish

Everything else is text: ``DNA:n``, ``http://…`` and ``C++`` are words, brackets are nothing.
What holds no word at all (``???``, an emoji, a lone hyphen) asks for everything.
"""

import re
from typing import NamedTuple

from oer.search.analysis import UNKNOWN, Forms, fold, forms, stemming, words
from oer.search.dots import meant_with_dots
from oer.search.fields import ALSO, meant
from oer.search.index import COUNTED
from oer.search.lemmas import is_known

MOST_WORDS = 32
"""Words of a query that are looked at; the rest of a pasted page would only cost time."""

MOST_CHARACTERS = 4000

TEXT_FIELDS = {"title": "title", "author": "author", "subject": "keyword"}
"""Query field to the class of texts it looks at."""

FACET_FIELDS = frozenset(COUNTED) - TEXT_FIELDS.keys()

FIELDS = {name: name for name in (*TEXT_FIELDS, *FACET_FIELDS)} | ALSO
"""What may stand before a colon, in small letters, and the field it means."""

_NAMES = "|".join(sorted(FIELDS))
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(
    rf"(?P<sign>[-+]*)(?:(?P<field>{'|'.join(sorted(FIELDS))}):)?"
    # A field with nothing after it yet is a piece of its own, without words.
    rf'(?:"(?P<phrase>[^"]*)"?|(?P<words>[^\s"]+)|(?(field)|(?!)))',
    re.I,
)


class Word(NamedTuple):
    """A word of the query: every token it may be found as, with the layer to look in."""

    variants: tuple[tuple[str, str], ...]

    @property
    def typed(self) -> str:
        """The word itself, as a token."""
        return self.variants[0][1]

    @property
    def exactly(self) -> "Word":
        """The word in no other form."""
        return Word(self.variants[:1])


class Clause(NamedTuple):
    """Words that belong together.

    Args:
        words: All must be found.
        phrase: The exact tokens that must stand side by side; empty where order is free.
        text_class: The class of texts to look in; None for all.
        facet: The facet whose value is asked for instead of words, and the value.
        negated: Whether documents that fulfil the rest are left out.
        typed: As it was typed, without the sign.
        parts: The parts of the compounds among ``words``, with their lemmas.
    """

    words: tuple[Word, ...] = ()
    phrase: tuple[str, ...] = ()
    text_class: str | None = None
    facet: tuple[str, str] | None = None
    negated: bool = False
    typed: str = ""
    parts: tuple[tuple[str, Word], ...] = ()


Group = tuple[Clause, ...]


class ParsedQuery(NamedTuple):
    """All groups must hold; in a group, one clause is enough."""

    groups: tuple[Group, ...]
    languages: tuple[str, ...] = UNKNOWN
    """What the words were analysed in."""

    @property
    def scored(self) -> tuple[tuple[Word, str | None], ...]:
        """The words that give a score, with the class they are looked for in."""
        pairs = (
            (word, clause.text_class)
            for group in self.groups
            for clause in group
            if not clause.negated
            for word in clause.words
        )
        return tuple(dict.fromkeys(pairs))

    @property
    def terms(self) -> tuple[str, ...]:
        """The tokens that excerpts mark."""
        return tuple(dict.fromkeys(token for word, _ in self.scored for _, token in word.variants))


def parse(text: str, languages: tuple[str, ...] = ()) -> ParsedQuery:
    """Read a query.

    Args:
        text: As typed.
        languages: Further languages to analyse in, beside Finnish, Swedish and English: those the
            reader has narrowed the search to.
    """
    stems = tuple(dict.fromkeys(UNKNOWN + sum(map(stemming, languages), ())))
    groups: list[Group] = []
    left = MOST_WORDS
    negate = either = False
    for piece in _PIECE.finditer(text[:MOST_CHARACTERS].translate(_QUOTES)):
        typed = piece["words"] or ""
        if typed in ("OR", "AND", "NOT") and piece.group() == typed:
            negate = typed == "NOT"
            either = typed == "OR" and bool(groups)
            continue
        clause = _clause(piece, negate, stems)
        if clause is not None and left > 0:
            left -= max(1, len(clause.words))
            groups[-1:] = [(*groups[-1], clause)] if either else [*groups[-1:], (clause,)]
            negate = either = False
    return ParsedQuery(tuple(groups), stems)


def has_words(text: str) -> bool:
    """Whether a query asks for anything; an emoji and mere signs do not."""
    return bool(parse(text).groups)


def _clause(piece: re.Match[str], negate: bool, languages: tuple[str, ...]) -> Clause | None:
    """The clause of one piece of the query; None where it holds no word."""
    negated = negate or "-" in piece["sign"]
    field = FIELDS.get((piece["field"] or "").lower(), "")
    typed = piece["words"] or piece["phrase"] or ""
    if field in FACET_FIELDS:
        value = typed.strip().casefold()
        value = value.partition("-")[0] if field == "language" else value
        return Clause(facet=(field, value), negated=negated) if value else None
    found = [form for word in words(typed) if (form := forms(word, languages)).exact][:MOST_WORDS]
    if not found:
        return None
    clause = Clause(
        text_class=TEXT_FIELDS.get(field),
        negated=negated,
        typed=piece.group().removeprefix(piece["sign"]).strip(),
    )
    if piece["phrase"] is not None:
        phrase = tuple(form.exact for form in found)
        exact = tuple(dict.fromkeys(Word((("exact", token),)) for token in phrase))
        return clause._replace(words=exact, phrase=phrase if len(phrase) > 1 else ())
    both = tuple(dict.fromkeys(word_of(form, with_parts=not negated) for form in found))
    parts = dict.fromkeys(
        (part, Word((("lemma", part), ("part", part)))) for form in found for part in form.part
    )
    return clause._replace(words=both, parts=tuple(parts))


def word_of(form: Forms, *, with_parts: bool) -> Word:
    """What a typed word is looked for as.

    Args:
        form: Its tokens.
        with_parts: Whether it is found as a part of compounds too. Who excludes *koulu* does not
            mean *koulutus* or *kesäkoulu*.
    """
    tokens = dict.fromkeys((form.exact, *form.lemma))
    # The folded layer holds words without their dots: only what is typed without them can be there.
    undotted = dict.fromkeys(token for token in (*tokens, *form.stems) if token.isascii())
    meant = meant_with_dots(form.exact)
    if meant and is_known(form.exact):
        # *Sade* is rain; *säde* (ray) comes far behind it.
        undotted |= dict.fromkeys(map(fold, meant))
        meant = ()
    lemma = dict.fromkeys((*form.lemma, *meant))
    return Word(
        (
            ("exact", form.exact),
            *(("lemma", token) for token in lemma),
            *(("folded", token) for token in undotted),
            *(("part", token) for token in (tokens | lemma) if with_parts),
        )
    )


def facet_value_is(value: str, asked: tuple[str, str]) -> bool:
    """Whether a facet's value is what ``field:value`` asks for: by its code, or by a name."""
    field, wanted = asked
    plain = value.casefold()
    return wanted in (plain, plain.partition(":")[2]) or value in meant(field, wanted)
