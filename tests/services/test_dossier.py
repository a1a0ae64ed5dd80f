"""All we hold about a resource, side by side."""

from datetime import timedelta
from functools import partial

import pytest

from oer.metadata.field_values import parse
from oer.metadata.resource_metadata import LangString, ResourceMetadata, Term, to_json
from oer.models import Resource
from oer.services import curation
from oer.services.dossier import Shown, dossier, spelled
from tests.services.providers import Provider


def test_what_was_sent_stands_beside_what_is_shown_and_how_it_was_reached(provider, look):
    found = look(provider().sends(language=("suomi",), title="  Vesi "))
    (language,) = [each for each in found.elements if each.field == "language"]
    assert (language.stated, language.shown) == (("suomi",), (Shown("fi", "mapped"),))
    (title,) = [each for each in found.elements if each.field == "title"]
    assert title.shown == (Shown("Vesi", None),)
    assert any(change["raw"] == "suomi" for change in found.audit)


def test_the_record_is_shown_as_it_was_sent(provider, look):
    found = look(provider().sends(title="Vesi & maa"))
    assert found.record.identifier == "oai:metsala.example:1"
    assert "<dc:title>Vesi &amp; maa</dc:title>" in found.record.payload


def test_a_correction_stands_beside_what_the_provider_says_then_and_now(
    provider, look, sessions, now
):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    with sessions.begin() as session:
        resource = curation.get(session, address)
        value = parse("title", "Vesi")
        curation.set_field(session, resource, "title", value, actor="aino", now=now, reason="slip")
    metsala.now += timedelta(days=1)
    metsala.sends(title="Wesi")
    found = look(address)
    (correction,) = found.corrections
    assert (correction.provider_json, correction.provider_json_now) == (
        '[{"text":"Vesl"}]',
        '[{"text":"Wesi"}]',
    )
    assert correction.provider_changed_at == metsala.now
    (title,) = [each for each in found.elements if each.field == "title"]
    assert (title.stated, title.shown, title.overridden) == (
        ("Wesi",),
        (Shown("Vesi", "curated"),),
        True,
    )
    assert [entry.action for entry in found.events] == ["set"]


def test_findings_and_the_missing_parts_of_completeness_are_told(provider, look):
    found = look(provider().sends(rights=()))
    assert "no-license" in {each.code for each in found.findings}
    missing = {part.name for part in found.completeness.parts if not part.present}
    assert "license" in missing
    assert "title" not in missing


def test_a_resource_without_a_record_can_be_looked_at(sessions, look, now):
    metadata = ResourceMetadata(title=(LangString("Oma", "fi"),))
    with sessions.begin() as session:
        session.add(
            Resource(address="own1", metadata_json=to_json(metadata), created_at=now, datestamp=now)
        )
    found = look("own1")
    assert (found.record, found.source, found.elements[0].stated) == (None, None, ())


def test_a_record_that_cannot_be_read_now_is_still_shown(provider, look):
    metsala = provider()
    address = metsala.sends()
    metsala.sends_bytes(b"<broken")
    found = look(address)
    assert (found.record.problem, found.record.payload) == ("unreadable", "<broken")
    assert found.elements


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (LangString("Vesi", "fi"), "Vesi [fi]"),
        (Term("video", "type:video", "mapped"), "video"),
        (Term(id="type:video", basis="stated"), "type:video"),
        ((Term("a"), Term("b")), "a + b"),
        ("https://x.example/", "https://x.example/"),
    ],
)
def test_a_value_is_spelled_on_one_line(value, text):
    assert spelled(value) == text


@pytest.fixture
def provider(sessions, now):
    return partial(Provider, sessions, now)


@pytest.fixture
def look(sessions):
    def look(address):
        with sessions() as session:
            return dossier(session, curation.get(session, address))

    return look
