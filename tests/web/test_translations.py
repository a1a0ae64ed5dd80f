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


def whole(message):
    return message is not None and all(as_tuple(message.string))


def as_tuple(text):
    return (text,) if isinstance(text, str) else tuple(text)


def singular(message):
    return as_tuple(message)[0]


def message_text(message):
    return " ".join(as_tuple(message.id))
