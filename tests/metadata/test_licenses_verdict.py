"""The one answer for a resource: what several statements say together."""

import msgspec
import pytest

from oer.metadata.licenses import (
    LOM_COPYRIGHT,
    Permissions,
    Verdict,
    open_definition,
    permissions,
    read_statement,
    verdict,
)
from oer.metadata.resource_metadata import LicenseStatement

CC = "https://creativecommons.org/licenses/"
UNKNOWN = Permissions()


def test_reading_a_statement_fills_it_in_and_twice_changes_nothing():
    once = read_statement(LicenseStatement(raw="CC BY-SA 4.0", element="dc:rights"))

    assert (once.kind, once.uri) == ("license", f"{CC}by-sa/4.0/")
    assert (once.family, once.basis, once.scope) == ("cc-by-sa", "mapped", "resource")
    assert once.raw == "CC BY-SA 4.0"
    assert read_statement(once) == once


def test_the_uri_beside_the_text_is_read_too():
    read = read_statement(LicenseStatement(raw="Open licence", raw_id=f"{CC}by/3.0/"))

    assert (read.uri, read.basis) == (f"{CC}by/3.0/", "stated")


def test_a_licence_of_the_metadata_gets_the_metadata_scope_and_decides_nothing():
    read = read_statement(LicenseStatement(raw="Metadata may be used under CC0"))

    assert read.scope == "metadata"
    assert verdict((read,)) == Verdict()


def test_an_unknown_licence_is_not_open_and_grants_nothing():
    for raw in ("", "Ask the author about reuse", "open access", "Example Press"):
        answer = verdict((LicenseStatement(raw=raw),))
        assert (answer.code, answer.oer, answer.open_definition) == ("", None, None), raw
        assert answer.permissions == UNKNOWN, raw


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("https://example.org/our-licence", "unknown"),
        ("Example Press", "unknown"),
        ("open access", "unknown"),
        ("", "none"),
        ("…", "none"),
        ("not specified", "none"),
        ("Metadata may be used under CC0", "none"),
    ],
)
def test_nothing_is_stated_only_where_nothing_is_said(raw, kind):
    assert verdict(statements(raw)).kind == kind


def test_public_domain_without_a_tool_stays_unknown():
    answer = verdict(statements("Public domain"))

    assert (answer.code, answer.uri, answer.oer) == ("public-domain", None, None)


def test_an_unnamed_licence_is_another_licence_and_not_open():
    answer = verdict(statements("Creative Commons"))

    assert (answer.code, answer.oer) == ("other", None)


def test_versions_and_ports_of_one_licence_share_a_code():
    for raw in ("CC BY", f"{CC}by/4.0/", f"{CC}by/3.0/de/", "Nimeä 4.0"):
        assert verdict(statements(raw)).code == "cc-by", raw


def test_words_and_uri_of_one_licence_agree():
    answer = verdict(statements("CC BY", f"{CC}by/4.0/"))

    assert (answer.uri, answer.version, answer.conflict) == (f"{CC}by/4.0/", "4.0", False)


def test_two_versions_leave_the_family_without_a_version():
    answer = verdict(statements(f"{CC}by/3.0/", f"{CC}by/4.0/"))

    assert (answer.code, answer.uri, answer.version) == ("cc-by", None, None)
    assert not answer.conflict


def test_contradicting_licences_take_the_stricter_one_and_are_a_conflict():
    answer = verdict(statements(f"{CC}by/4.0/", f"{CC}by-nc/4.0/"))

    assert (answer.code, answer.kind, answer.conflict) == ("cc-by-nc", "conflict", True)
    assert answer.permissions.commercial is False
    assert answer.open_definition is False
    assert answer.notes


def test_a_conflict_permits_only_what_all_licences_permit():
    answer = verdict(statements("CC BY-SA 4.0", "CC BY-NC 4.0"))

    assert answer.permissions == Permissions(True, True, False, True, True)


def test_a_copyright_notice_beside_a_licence_does_not_cancel_it():
    answer = verdict(statements("© 2020 Example", f"{CC}by/4.0/"))

    assert (answer.code, answer.conflict) == ("cc-by", False)


@pytest.mark.parametrize(
    "reserving", ["All rights reserved", "http://rightsstatements.org/vocab/InC/1.0/"]
)
def test_rights_reserved_beside_a_licence_are_a_conflict_and_win(reserving):
    answer = verdict(statements(f"{CC}by/4.0/", reserving))

    assert (answer.code, answer.oer, answer.conflict) == ("in-copyright", False, True)


def test_access_says_nothing_about_reuse():
    assert verdict(statements("openAccess")).code == ""
    assert verdict(statements("openAccess", "CC BY 4.0")).code == "cc-by"


@pytest.mark.parametrize(
    ("value", "description", "code", "conflict"),
    [
        ("yes", f"{CC}by-nc/4.0/", "cc-by-nc", False),
        ("yes", "cc-by-40", "cc-by", False),
        ("no", "cc-by-sa-30", "cc-by-sa", False),
        ("yes", "Contact the author", "in-copyright", False),
        ("yes", "", "in-copyright", False),
        ("no", "", "", False),
        ("unknown", "", "", False),
        ("cc-by-nc-40", "share alike", "cc-by-nc", False),
    ],
)
def test_the_lom_pair_lets_the_specific_licence_win(value, description, code, conflict):
    answer = verdict(
        (
            LicenseStatement(raw=value, element=LOM_COPYRIGHT),
            LicenseStatement(raw=description, element="lom:rights.description"),
        )
    )

    assert (answer.code, answer.conflict) == (code, conflict)


def test_loms_no_is_not_a_licence():
    read = read_statement(LicenseStatement(raw="no", element=LOM_COPYRIGHT))

    assert (read.kind, read.family, read.basis) == ("unknown", None, None)


def test_a_curators_statement_decides_alone():
    curated = LicenseStatement(uri=f"{CC}by/4.0/", basis="curated")

    answer = verdict((*statements("All rights reserved"), curated))

    assert (answer.code, answer.uri, answer.conflict) == ("cc-by", f"{CC}by/4.0/", False)
    assert read_statement(curated).basis == "curated"
    assert read_statement(curated).family == "cc-by"


def test_a_sources_default_counts_only_where_the_record_names_no_licence():
    default = LicenseStatement(uri=f"{CC}by/4.0/", basis="source_default")

    assert verdict((default,)).code == "cc-by"
    assert verdict((*statements("CC BY-NC 4.0"), default)).code == "cc-by-nc"
    assert verdict((*statements("openAccess"), default)).code == "cc-by"


@pytest.mark.parametrize(
    ("family", "oer", "open_"),
    [
        ("cc0", True, True),
        ("pdm", True, True),
        ("cc-by", True, True),
        ("cc-by-sa", True, True),
        ("cc-by-nc", True, False),
        ("cc-by-nc-sa", True, False),
        ("cc-by-nd", False, False),
        ("cc-by-nc-nd", False, False),
        ("in-copyright", False, False),
        ("mit", True, True),
        ("odbl", True, True),
        ("noc-us", None, None),
        ("public-domain", None, None),
        ("", None, None),
        ("no-such-licence", None, None),
    ],
)
def test_openness_by_both_definitions(family, oer, open_):
    granted = permissions(family)
    may_adapt = None if None in (granted.share, granted.adapt) else granted.share and granted.adapt

    assert may_adapt is oer
    assert open_definition(family) is open_


def test_a_read_statement_survives_the_json_of_the_pivot():
    read = read_statement(LicenseStatement(raw="CC BY 3.0 DE"))

    assert msgspec.json.decode(msgspec.json.encode(read), type=LicenseStatement) == read


def statements(*raws: str) -> tuple[LicenseStatement, ...]:
    return tuple(LicenseStatement(raw=raw, element="dc:rights") for raw in raws)
