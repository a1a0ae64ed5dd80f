"""The pages behind the sample records: what opens when somebody opens a material."""

from collections.abc import Iterator

from lxml import etree, html

from harvesters.samples.records import Elements, Provider, texts

STYLE = "body{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"

RIGHT_TO_LEFT = frozenset({"ar"})

NOTICES = {
    "fi": "Keksitty esimerkkiaineisto: täällä olisi itse oppimateriaali.",
    "sv": "Ett påhittat exempel: här skulle själva lärresursen finnas.",
    "en": "An invented sample: the learning material itself would be here.",
}


def material_page(elements: Elements, provider: Provider) -> bytes:
    """A small page with title, description and rights, in the record's language."""
    # An empty lang says in HTML what it says here: nobody knows.
    language = elements["lang"] if elements["lang"] != "x-none" else ""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    page, body = _document(_first(elements["title"]), language, direction)
    for text in _paragraphs(elements):
        _add(body, "p", text)
    _add(body, "hr")
    notice = NOTICES.get(language, NOTICES["en"])
    _add(body, "p", notice, lang=language if language in NOTICES else "en", dir="ltr")
    _add(body, "p", provider.title, lang="fi" if provider.slug == "metsola" else "sv", dir="ltr")
    return _bytes(page)


def front_page(provider: Provider, base_url: str) -> bytes:
    """What a visitor sees at the root of the server."""
    page, body = _document(provider.title, "en", "ltr")
    _add(body, "p", "A sample repository with invented records. Its OAI-PMH address is:")
    link = _add(_add(body, "p"), "a", base_url)
    link.set("href", f"{base_url}?verb=Identify")
    return _bytes(page)


def missing_page() -> bytes:
    page, body = _document("Not found", "en", "ltr")
    _add(body, "p", "There is no such page in this sample repository.")
    return _bytes(page)


def _paragraphs(elements: Elements) -> Iterator[str]:
    for key in ("description", "rights"):
        for text, _ in texts(elements.get(key), None):
            yield _without_markup(text)


def _without_markup(text: str) -> str:
    # Some descriptions hold HTML, as harvested ones do; the page shows their words.
    return str(html.fragment_fromstring(text, create_parent="div").text_content())


def _first(value: object) -> str:
    return next((text for text, _ in texts(value, None)), "")


def _document(title: str, language: str, direction: str) -> tuple[etree._Element, etree._Element]:
    page = etree.Element("html", lang=language, dir=direction)
    head = _add(page, "head")
    _add(head, "meta", charset="utf-8")
    viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    etree.SubElement(head, "meta", viewport)
    _add(head, "title", title)
    _add(head, "style", STYLE)
    body = _add(_add(page, "body"), "main")
    _add(body, "h1", title)
    return page, body


def _add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, name, attributes)
    element.text = text
    return element


def _bytes(page: etree._Element) -> bytes:
    return etree.tostring(page, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
