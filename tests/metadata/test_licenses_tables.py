"""The licence tables: what a correction by hand must not break."""

import csv
import json

import pytest

from oer.metadata import license_labels, license_tables, reuse_texts
from oer.metadata.license_kinds import KINDS
from oer.metadata.licenses import name, permissions, read, title
from tests.shared_data import shared_data

FAMILIES = sorted(
    {*license_tables.LICENSE_ELEMENTS, *license_tables.other_licenses(), "cc0", "pdm"}
)


def published():
    for (code, version), ports in license_tables.cc_ports().items():
        family = license_tables.cc_family(code)
        for port in ports:
            yield license_tables.cc_uri(
                family, version or None, None if port == license_tables.UNPORTED else port, code
            )


@pytest.mark.parametrize("uri", sorted(published()))
def test_every_published_licence_reads_as_itself(uri):
    assert read(uri).uri == uri
    assert read(uri.replace("https://", "http://www.").rstrip("/")).uri == uri


def test_every_licence_of_creative_commons_own_list_is_there():
    path = shared_data("vocab", "cc_licences.csv")
    with path.open(encoding="utf-8", newline="") as file:
        theirs = {
            row["uri"].replace("http://", "https://")
            for row in csv.DictReader(file)
            if row["code"] not in ("BSD", "GPL", "LGPL", "MIT")
        }

    assert theirs == set(published())


def test_permissions_agree_with_creative_commons_own_list():
    path = shared_data("vocab", "cc_licences.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith("by")]

    for row in rows:
        if row["port"] == "scotland":
            continue  # their list forgets that this BY-NC-SA permits adaptations
        granted = permissions(row["uri"].replace("http://", "https://"))
        assert granted.adapt == ("DerivativeWorks" in row["permits"]), row["uri"]
        assert granted.commercial == ("CommercialUse" not in row["prohibits"]), row["uri"]
        assert granted.share_alike == ("ShareAlike" in row["requires"]), row["uri"]
        assert granted.attribution == ("Attribution" in row["requires"]), row["uri"]


def test_titles_in_three_languages_of_creative_commons_own_list_are_read():
    path = shared_data("vocab", "cc_licences.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith("by")]

    for row in rows:
        uri = row["uri"].replace("http://", "https://")
        for language in ("en", "fi", "sv"):
            if not row[f"title_{language}"]:
                continue  # the list has few titles for Venezuela
            reading = read(row[f"title_{language}"])
            assert reading.family == read(uri).family, row[f"title_{language}"]
            assert reading.version == row["version"], row[f"title_{language}"]


def test_every_rights_statement_reads_from_uri_page_and_labels():
    for statement in license_tables.rights_statements().values():
        assert read(statement.uri).uri == statement.uri
        assert read(statement.uri.replace("/vocab/", "/page/")).uri == statement.uri
        for label in statement.labels.values():
            assert read(label).uri == statement.uri, label


def test_rights_statement_labels_are_those_of_rightsstatements_org():
    for statement in license_tables.rights_statements().values():
        for language, theirs in {"en": "en", "fi": "fi", "sv": "sv-FI"}.items():
            path = shared_data("vocab", "rightsstatements", f"{statement.code}_{theirs}.json")
            label = json.loads(path.read_text(encoding="utf-8"))["prefLabel"]
            assert statement.labels[language] == label


def test_every_other_licence_reads_from_its_uris():
    for other in license_tables.other_licenses().values():
        for version, uri in other.versions.items():
            reading = read(uri)
            assert (reading.family, reading.uri) == (other.family, uri)
            assert reading.version == (version or None)
            assert name(uri, "en").startswith(other.name)


def test_every_label_has_one_meaning_and_every_meaning_is_known():
    meanings = {meaning for tails in license_labels.labels().values() for _, meaning in tails}
    plain = {m for m in meanings if not m.startswith(("rights:", "other:", "access-"))}

    assert plain == {
        "by", "nc", "nd", "sa", "cc", "cc0", "pdm", "cc-pddc", "cc-sampling", "cc-sampling-plus",
        "cc-nc-sampling-plus", "cc-devnations", "public-domain", "in-copyright", "unclear", "none",
    }  # fmt: skip
    assert {m for m in meanings if m.startswith("access-")} == {
        "access-open", "access-closed", "access-restricted", "access-embargoed", "access-free",
    }  # fmt: skip


def test_no_label_stands_for_two_elements():
    seen: dict[str, str] = {}
    for row in license_tables.rows("license_words.csv"):
        for label in row["labels"].split(";"):
            folded = " ".join(license_labels.tokens_of(label))
            assert seen.setdefault(folded, row["meaning"]) == row["meaning"], label


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_named_in_every_language(family):
    for language in ("fi", "sv", "en"):
        assert name(family, language) not in ("", family)
        assert title(family, language) not in ("", family)


@pytest.mark.parametrize("family", [f for f in FAMILIES if f.startswith("cc-by")])
def test_the_name_and_title_of_a_family_read_back_as_that_family(family):
    for language in ("fi", "sv", "en"):
        assert read(name(family, language)).family == family
        assert read(title(family, language)).family == family


def test_a_name_says_version_and_port_and_a_title_its_edition():
    uri = "https://creativecommons.org/licenses/by-sa/3.0/de/"

    assert name(uri, "fi") == "CC BY-SA 3.0 DE"
    assert title(uri, "fi") == "Creative Commons Nimeä-JaaSamoin 3.0 Saksa"
    assert title(uri, "sv") == "Creative Commons Erkännande-DelaLika 3.0 Tyskland"
    assert title("https://creativecommons.org/licenses/by/4.0/", "fi") == (
        "Creative Commons Nimeä 4.0 Kansainvälinen"
    )
    assert name("cc-by", "fi") == "CC BY"
    assert name("", "fi") == "Lisenssi ei tiedossa"
    assert name("https://www.gnu.org/licenses/gpl-3.0.html", "en") == "GNU GPL 3.0"
    assert name("https://example.org/terms", "en") == "https://example.org/terms"


def test_every_text_exists_in_every_language():
    texts = reuse_texts.texts()
    groups = [*texts["permissions"].values(), texts["reasons"]]
    for group in groups:
        for sentences in group.values():
            assert set(sentences) == {"en", "fi", "sv"}
            assert all(sentences.values())
    parts = [set(words) for words in texts["attribution"].values()]
    assert all(part == parts[0] for part in parts)


def test_the_kinds_hold_every_kind_of_the_labelled_statements():
    path = shared_data("gold", "rights_examples.csv")
    with path.open(encoding="utf-8", newline="") as file:
        labelled = {row["kind"] for row in csv.DictReader(file)}

    assert labelled <= set(KINDS)
