"""Every message of the interface is there in every language, whole."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from oer.folders import TEMPLATES, TRANSLATIONS
from oer.web import languages

TRANSLATED = [language for language in languages.LANGUAGES if language != languages.SOURCE_LANGUAGE]
PLACEHOLDER = re.compile(r"%\(\w+\)s")

RIGHTLY_EQUAL = {
    "%(day)s: %(state)s": "a pattern without words",
    "Video": "the same word in both languages",
}
"""Messages that read the same in Finnish and in Swedish, each with the reason."""

GIVEAWAYS = {
    "en": re.compile(r"\b(the|this|these|with|which|your|from|what|are)\b"),
    "fi": re.compile(
        r"(aa|ii|uu|yy|ää|öö)"
        r"|\b(ei|eivät|että|joka|jos|kun|kuin|myös|niin|niitä|on|ovat|tai|tämä|voi)\b"
        r"|\b\w{3,}ä\b"
    ),
    "sv": re.compile(
        r"å"
        r"|\b(att|av|det|den|du|eller|ett|från|för|här|inte|med|och|som|till|vi|är)\b"
    ),
}
"""By language: words and spellings that it has, and that no other language of the interface has."""

NOT_IN_ANY_LANGUAGE = re.compile(r"%\(\w+\)s|<[^>]*>|https?://\S+|\b[A-Z]{2,}\b")
"""Parts of a text that are not written in its language: values, mark-up, addresses, acronyms."""


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(messages, language):
    translated = catalogue(languages.po_file(language))
    missing = [message for message in messages if not whole(translated.get(message))]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_fuzzy_or_left_over(messages, language):
    translated = [m for m in catalogue(languages.po_file(language)) if m.id]
    assert [m.id for m in translated if m.fuzzy] == []
    assert [m.id for m in translated if singular(m.id) not in messages] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_values(language):
    for message in catalogue(languages.po_file(language)):
        forms = zip(as_tuple(message.id), as_tuple(message.string), strict=False)
        for source, text in forms:
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(message_text(message)))
            if source == as_tuple(message.id)[-1]:
                assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(source)), source


def test_the_template_of_messages_is_up_to_date(messages):
    assert {singular(m.id) for m in catalogue(TRANSLATIONS / "messages.pot") if m.id} == messages


def test_finnish_and_swedish_are_not_the_same_text():
    finnish = {message.id: message.string for message in translations("fi")}
    swedish = {message.id: message.string for message in translations("sv")}
    equal = {singular(key) for key, text in finnish.items() if swedish.get(key) == text}
    assert equal == set(RIGHTLY_EQUAL)


@pytest.mark.parametrize(
    ("language", "other"), [(one, two) for one in TRANSLATED for two in GIVEAWAYS if one != two]
)
def test_a_translation_is_written_in_its_own_language(language, other):
    foreign = [text for text in texts(language) if gives_away(text, other)]
    assert foreign == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_giveaways_of_a_language_occur_in_it(language):
    """They would find a text that stands in the wrong catalogue."""
    sentences = [text for text in texts(language) if len(text.split()) > 4]
    found = [text for text in sentences if gives_away(text, language)]
    assert len(found) > 0.9 * len(sentences)


@pytest.fixture(scope="module")
def messages():
    """Every message in the code and the templates."""
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = set()
    for folder in (Path(languages.__file__).parents[1], TEMPLATES):
        relative = [(pattern.partition("/")[2], method) for pattern, method in methods]
        mapping = {p.partition("/")[2]: o for p, o in options.items()}
        for _, _, message, _, _ in extract_from_dir(folder, relative, mapping, keywords=keywords):
            found.add(singular(message))
    return found


def catalogue(path):
    return read_po(BytesIO(path.read_bytes()))


def translations(language):
    """The messages of a catalogue, without its header."""
    return [message for message in catalogue(languages.po_file(language)) if message.id]


def texts(language):
    """Every translated text, each plural form by itself."""
    return [text for message in translations(language) for text in as_tuple(message.string)]


def gives_away(text, language):
    """Whether a text holds what only this language writes."""
    own = NOT_IN_ANY_LANGUAGE.sub(" ", text).lower()
    return GIVEAWAYS[language].search(own) is not None


def whole(message):
    return message is not None and all(as_tuple(message.string))


def as_tuple(text):
    return (text,) if isinstance(text, str) else tuple(text)


def singular(message):
    return as_tuple(message)[0]


def message_text(message):
    return " ".join(as_tuple(message.id))
