"""People and organisations, and the vCards that LOM puts them in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.metadata.names import hide_e_mail, read_person, read_vcard, without_e_mail
from oer.metadata.resource_metadata import Agent, Identifier


def test_a_vcard_names_a_person() -> None:
    card = _card("VERSION:3.0", "N:Esimerkki;Aino;Maria;;", "FN:Aino Esimerkki", "ORG:Koulu;Osasto")
    assert read_vcard(card) == Agent(
        "Aino Esimerkki",
        "person",
        given_name="Aino",
        family_name="Esimerkki",
        affiliation=("Koulu, Osasto",),
    )


def test_a_vcard_names_an_organisation() -> None:
    assert read_vcard(_card("FN:Testikoulu", "ORG:Testikoulu")) == Agent(
        "Testikoulu", "organization"
    )
    assert read_vcard(_card("VERSION:2.1", "ORG:Testikoulu")) == Agent("Testikoulu", "organization")
    assert read_vcard(_card("VERSION:4.0", "KIND:org", "FN:Testi")) == Agent(
        "Testi", "organization"
    )


def test_a_full_name_alone_does_not_tell_whose_it_is() -> None:
    assert read_vcard(_card("FN:Esimerkki")) == Agent("Esimerkki")


@pytest.mark.parametrize("indent", ["", "  ", " " * 36, "\t\t"])
def test_indented_lines_are_read(indent: str) -> None:
    card = "BEGIN:VCARD\n" + "".join(
        f"{indent}{line}\n" for line in ("FN:A B", "N:B;A", "END:VCARD")
    )
    assert read_vcard(card) == Agent("A B", "person", given_name="A", family_name="B")


@pytest.mark.parametrize("indent", ["", "      "])
def test_folded_lines_are_joined(indent: str) -> None:
    card = f"BEGIN:VCARD\r\n{indent}FN:A very long na\r\n{indent} me\r\n{indent}END:VCARD"
    assert read_vcard(card) == Agent("A very long name")


def test_a_card_on_a_single_line_is_read() -> None:
    expected = Agent("A B", "person", given_name="A", family_name="B")
    assert read_vcard("BEGIN:VCARD VERSION:3.0 FN:A B N:B;A;;; END:VCARD") == expected
    assert read_vcard("BEGIN:VCARD\\nFN:A B\\nN:B;A\\nEND:VCARD") == expected


def test_a_card_that_lost_its_line_ends_is_read() -> None:
    assert read_vcard("BEGIN:VCARDFN:A BEMAIL:a@b.exampleEND:VCARD") == Agent("A B")


def test_escapes_entities_and_old_encodings_are_read() -> None:
    assert read_vcard(_card("FN:Koulu\\, Oy")) == Agent("Koulu, Oy")
    assert read_vcard(_card("ORG:Kunst &amp; Kultur")) == Agent("Kunst & Kultur", "organization")
    quoted = _card("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg =", "Test")
    assert read_vcard(quoted) == Agent("Jörg Test")


def test_an_empty_full_name_is_made_of_the_parts() -> None:
    found = read_vcard(_card("FN:", "N:Esimerkki;Aino;;Prof.;"))
    assert found is not None
    assert (found.name, found.honorific_prefix) == ("Aino Esimerkki", "Prof.")


@pytest.mark.parametrize(
    ("full_name", "name", "prefix"),
    [
        ("FN: Prof. A. Test", "A. Test", "Prof."),
        ("FN:Prof. Dr. Anna Test", "Anna Test", "Prof. Dr."),
        ("FN:Dr. rer. nat. Anna Test", "Anna Test", "Dr. rer. nat."),
        ("FN:Magnus Test", "Magnus Test", None),
        ("FN:Drew Test", "Drew Test", None),
        ("FN:Dipl.-Ing. Anna Test", "Anna Test", "Dipl.-Ing."),
    ],
)
def test_titles_are_kept_apart_from_the_name(full_name: str, name: str, prefix: str | None) -> None:
    found = read_vcard(_card(full_name))
    assert found is not None
    assert (found.name, found.honorific_prefix) == (name, prefix)


def test_identifiers_of_people_are_read_and_others_left() -> None:
    found = read_vcard(
        _card("FN:A B", "X-ORCID:0000-0002-1825-0097", "URL:https://ror.org/040af2s02", "UID:1234",
              "X-ORCID:0000-0002-1825-0098", "X-SKYPE:somebody")
    )  # fmt: skip
    assert found is not None
    assert found.identifiers == (
        Identifier("0000-0002-1825-0097", "orcid"),
        Identifier("040af2s02", "ror", "https://ror.org/040af2s02"),
    )


@pytest.mark.parametrize(
    "text", ["", "  ", "BEGIN:VCARD\nEND:VCARD", "BEGIN:VCARD\nEMAIL:a@b.example"]
)
def test_a_card_that_names_nobody_is_none(text: str) -> None:
    assert read_vcard(text) is None


def test_a_bare_name_in_place_of_a_card_is_a_name() -> None:
    assert read_vcard("Aino Esimerkki <aino@koulu.example>") == Agent("Aino Esimerkki")


@given(
    st.lists(
        st.sampled_from(["FN:", "N:", "ORG:", "EMAIL:", "X-ORCID:", "URL:", "a@b.example",
                         "mailto:", "A", ";", ",", "\n", "\n ", "<", ">", "(", "\\", "=40", " "]),
        max_size=12,
    )
)  # fmt: skip
def test_no_e_mail_address_passes(parts: list[str]) -> None:
    found = read_vcard("BEGIN:VCARD\n" + "".join(parts))
    assert "a@b.example" not in repr(found)


@given(st.text(alphabet="a@b.c <>()[];:,-", max_size=30))
def test_taking_addresses_out_again_changes_nothing(text: str) -> None:
    once = without_e_mail(text)
    assert without_e_mail(once) == once


def test_an_address_is_hidden_in_the_audit() -> None:
    assert hide_e_mail("A B <a@b.example>") == "A B <[e-mail]>"


def test_a_person_is_named_as_one_speaks() -> None:
    found = read_person(Agent("Esimerkki, Aino", "person"))
    assert found == Agent(
        "Aino Esimerkki",
        "person",
        given_name="Aino",
        family_name="Esimerkki",
        raw="Esimerkki, Aino",
    )


@pytest.mark.parametrize(
    "agent",
    [
        Agent("Esimerkki, Aino"),
        Agent("Koulu, Oy", "organization"),
        Agent("One, Two, Three", "person"),
        Agent("Esimerkki, Jr.", "person"),
        Agent("Esimerkki,", "person"),
        Agent("A, B", "person", given_name="A"),
    ],
)
def test_a_name_that_may_be_something_else_is_left_as_it_is(agent: Agent) -> None:
    assert read_person(agent) is agent


def _card(*lines: str) -> str:
    return "\n".join(("BEGIN:VCARD", *lines, "END:VCARD"))
