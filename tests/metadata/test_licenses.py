"""Reading one statement: every class of spelling in use, and those that must not fool us."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oer.metadata.licenses import KINDS, Reading, read

CC = "https://creativecommons.org/licenses/"

LICENSES = [
    # URIs
    ("http://creativecommons.org/licenses/by-sa/4.0", "by-sa/4.0/"),
    ("HTTPS://WWW.CREATIVECOMMONS.ORG/LICENSES/BY-NC/4.0/", "by-nc/4.0/"),
    ("//creativecommons.org/licenses/by/2.5/", "by/2.5/"),
    ("creativecommons.org/licenses/by-nd/3.0", "by-nd/3.0/"),
    ("https://creativecommons.org/licences/by-nc-sa/3.0/nz/", "by-nc-sa/3.0/nz/"),
    ("https://creativecommons.org/licenses/by/4.0/legalcode.sv", "by/4.0/"),
    ("https://creativecommons.org/licenses/by/2.0/de/deed.en_GB.", "by/2.0/de/"),
    ("https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", "by/4.0/"),
    ("https://creativecommons.org:443/licenses/by/4.0/#deed", "by/4.0/"),
    ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "by-nd-nc/1.0/"),
    ("see (https://creativecommons.org/licenses/by-sa/3.0/fr/), please", "by-sa/3.0/fr/"),
    ("https://creativecommons.org/licenses/by-nc-\nnd/4.0/", "by-nc-nd/4.0/"),
    ("https://creativecommons.org/licenses/by/\n4.0/", "by/4.0/"),
    ("https://spdx.org/licenses/CC-BY-SA-3.0-AT.html", "by-sa/3.0/at/"),
    ("https://i.creativecommons.org/l/by-nc/3.0/88x31.png", "by-nc/3.0/"),
    ("https://x.example/api/mir_licenses#cc_by-nd_3.0", "by-nd/3.0/"),
    ('<a rel="license" href="http://creativecommons.org/licenses/by/3.0/nl/">CC</a>', "by/3.0/nl/"),
    # Codes
    ("CC-BY-NC-ND-3.0-IGO", "by-nc-nd/3.0/igo/"),
    ("CC BY-NC-SA 2.0 UK", "by-nc-sa/2.0/uk/"),
    ("ccbynd30", "by-nd/3.0/"),
    ("CCBYNC2.5", "by-nc/2.5/"),
    ("cc-by-nc-nd-20", "by-nc-nd/2.0/"),
    ("CC_BY_SA_4.0", "by-sa/4.0/"),
    ("CC BY\u2011NC\u2013ND 4.0", "by-nc-nd/4.0/"),
    ("CC\u00a0BY-\u00adSA 4.0", "by-sa/4.0/"),
    ("CC BY-\nNC-\nSA 3.0", "by-nc-sa/3.0/"),
    ("C\u200bC BY 4.0", "by/4.0/"),
    ("ＣＣ ＢＹ ４.０", "by/4.0/"),
    ("CC BY 4", "by/4.0/"),
    ("CC-BY-SAv3", "by-sa/3.0/"),
    ("CC 3.0 BY-SA", "by-sa/3.0/"),
    ("Lizenz: CC BY-NC-ND 3.0 DE (Autor: N. N.)", "by-nc-nd/3.0/de/"),
    # Labels
    ("Nimeä-EiKaupallinen-EiMuutoksia 4.0 Kansainvälinen", "by-nc-nd/4.0/"),
    ("Creative Commons Nimeä - Ei-kaupallinen - Jaa samoin 4.0", "by-nc-sa/4.0/"),
    ("Nimeä-Tarttuva 1.0 Suomi", "by-sa/1.0/fi/"),
    ("Erkännande-IckeKommersiell-DelaLika 2.5 Sverige", "by-nc-sa/2.5/se/"),
    ("Erkännande-Inga bearbetningar 4.0 Internationell", "by-nd/4.0/"),
    ("Namensnennung-Keine Bearbeitung 3.0 Österreich", "by-nd/3.0/at/"),
    ("Namensnennung - Nicht-kommerziell 4.0 International", "by-nc/4.0/"),
    ("Naamsvermelding-NietCommercieel-GeenAfgeleideWerken 3.0 Nederland", "by-nc-nd/3.0/nl/"),
    ("Attribution - Pas de Modification 2.0 France", "by-nd/2.0/fr/"),
    ("Paternité-Partage des Conditions Initiales à l'Identique 2.0 Belgique", "by-sa/2.0/be/"),
    ("Reconocimiento-NoComercial-CompartirIgual 3.0 España", "by-nc-sa/3.0/es/"),
    ("Atribuição-SemDerivações 4.0 Internacional", "by-nd/4.0/"),
    ("Attribuzione - Non commerciale - Condividi allo stesso modo 4.0", "by-nc-sa/4.0/"),
    ("Navngivelse-IkkeKommersiell-DelPåSammeVilkår 4.0 Internasjonal", "by-nc-sa/4.0/"),
    ("Uznanie autorstwa-Bez utworów zależnych 4.0", "by-nd/4.0/"),
    ("Autorile viitamine + Mitteäriline eesmärk 3.0 Eesti", "by-nc/3.0/ee/"),
    ("С указанием авторства-Без производных 4.0", "by-nd/4.0/"),
    ("表示-非営利-改変禁止 2.1 日本", "by-nc-nd/2.1/jp/"),
    ("Atıf-GayriTicari-Türetilemez 4.0", "by-nc-nd/4.0/"),
    ("Attribution-NonCommercial-NoDerivitives 4.0", "by-nc-nd/4.0/"),
    ("Attribution Noncomercial Sharealike 3.0 Unported", "by-nc-sa/3.0/"),
    ("Atribution-NonCommerical 4.0 International", "by-nc/4.0/"),
    ("Creative Commons Attribution-ShareAlike (Unported, v3.0)", "by-sa/3.0/"),
    ("Attribution\ufffdShareAlike 4.0 International", "by-sa/4.0/"),
    # Words beside a URI, a notice beside a licence
    ("© 2020 Example. CC BY-NC 4.0", "by-nc/4.0/"),
    ("CC BY 3.0 DE https://creativecommons.org/licenses/by/3.0/de/", "by/3.0/de/"),
    ("Creative Commons licence https://creativecommons.org/licenses/by-nc/2.0/", "by-nc/2.0/"),
    ("CC BY 4.0, for commercial and non-commercial use alike", "by/4.0/"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path"), LICENSES)
def test_a_licence_is_read_from_every_spelling(text, path):
    reading = read(text)

    assert (reading.kind, reading.uri) == ("license", CC + path)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("CC BY", "cc-by"),
        ("cc-by-nc-sa", "cc-by-nc-sa"),
        ("CCBYND", "cc-by-nd"),
        ("Attribution", "cc-by"),
        ("Creative Commons Attribution-ShareAlike License", "cc-by-sa"),
        ("Creative Commons Nimeä -lisenssi", "cc-by"),
        ("CC BY-NC (Namensnennung - nicht kommerziell)", "cc-by-nc"),
        ("CC BY-NC-SA (Naamsvermelding-NietCommercieel-GelijkDelen)", "cc-by-nc-sa"),
        ("http://creativecommons.org/licenses/by-nc-nd", "cc-by-nc-nd"),
        ("Erkännande-DelaLika", "cc-by-sa"),
        ("by-nc-nd", "cc-by-nc-nd"),
    ],
)
def test_a_version_that_was_not_stated_is_never_added(text, family):
    reading = read(text)

    assert (reading.kind, reading.family) == ("license-family", family)
    assert (reading.uri, reading.version, reading.port) == (None, None, None)


@pytest.mark.parametrize("path", ["by/3.0/fi/", "by/2.0/us/", "by-sa/3.5/", "by/4.1/"])
def test_a_licence_that_was_never_published_has_no_uri(path):
    reading = read(CC + path)

    assert (reading.kind, reading.uri) == ("license-family", None)
    assert reading.family in ("cc-by", "cc-by-sa")


def test_deed_fi_is_a_language_and_fi_a_port():
    assert read(f"{CC}by/1.0/deed.fi") == Reading(
        "license", f"{CC}by/1.0/", "cc-by", "1.0", None, "stated"
    )
    assert read(f"{CC}by/1.0/fi/deed.sv").port == "fi"


def test_version_4_has_no_ports_whatever_the_address_says():
    reading = read(f"{CC}by/4.0/fi/")

    assert (reading.uri, reading.port) == (f"{CC}by/4.0/", None)
    assert "no ports" in reading.note


@pytest.mark.parametrize("text", ["CC BY 3.0 in accordance with the law", "CC BY 3.0 es gibt"])
def test_a_word_that_looks_like_a_port_code_is_not_one_inside_a_sentence(text):
    assert read(text).port is None


@pytest.mark.parametrize(
    "text",
    [
        "http://creativecommons.org.evil.example/licenses/by/4.0/",
        "https://evil.example/creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org@evil.example/licenses/by/4.0/",
        "https://evil.example/?u=https://creativecommons.org/licenses/by/4.0/",
        "https://notcreativecommons.org/licenses/by/4.0/",
        "https://créativecommons.org/licenses/by/4.0/",
        "https://сreativecommons.org/licenses/by/4.0/",
        "http://rightstatements.example/vocab/InC/1.0/",
        "https://example.org/cc-by-4.0/page",
    ],
)
def test_a_look_alike_host_is_nobodys_licence(text):
    assert read(text) == Reading("none")


@pytest.mark.parametrize(
    "text",
    [
        "This work is not licensed under CC BY 4.0",
        "Not available under https://creativecommons.org/licenses/by/4.0/",
        "Aineistoa ei ole lisensoitu CC BY-SA 4.0 -lisenssillä",
        "Detta verk är inte licensierat under CC BY 4.0",
        "Nicht unter CC BY-SA 3.0 veröffentlicht",
        "no longer CC BY 4.0",
    ],
)
def test_a_denied_licence_is_not_granted(text):
    reading = read(text)

    assert (reading.kind, reading.uri, reading.family) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("CC BY 4.0 for text; CC BY-NC 4.0 for images", "cc-by-nc"),
        ("CC BY 4.0. Non-commercial use only.", "cc-by-nc"),
        ("CC BY-SA 4.0 https://creativecommons.org/licenses/by/4.0/", "cc-by-sa"),
        ("Attribution-NoDerivs (http://creativecommons.org/licenses/by/3.0/)", "cc-by-nd"),
        ("CC BY 4.0, ei kaupalliseen käyttöön", "cc-by-nc"),
        ("CC BY-NC-SA-ND", "cc-by-nc-nd"),
        ("https://rightsstatements.org/vocab/InC/1.0/ CC BY 4.0", "in-copyright"),
    ],
)
def test_a_contradiction_takes_the_stricter_reading_and_no_uri(text, family):
    reading = read(text)

    assert (reading.kind, reading.family, reading.uri) == ("conflict", family, None)
    assert reading.note


def test_a_second_licence_for_the_data_does_not_change_the_first():
    reading = read("Text: CC BY-SA 4.0. The data are CC0.")

    assert (reading.kind, reading.family) == ("license", "cc-by-sa")
    assert "cc0" in reading.note


def test_two_versions_of_one_licence_leave_the_family_only():
    reading = read(f"{CC}by/3.0/ {CC}by/4.0/")

    assert (reading.family, reading.uri, reading.version) == ("cc-by", None, None)


@pytest.mark.parametrize(
    ("text", "kind", "uri"),
    [
        ("CC0", "public-domain-tool", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("cc0-10", "public-domain-tool", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC Zero", "public-domain-tool", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (f"{CC}pdm/", "public-domain-tool", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("Public Domain Mark 1.0", "public-domain-tool", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("public domain", "public-domain", None),
        ("gemeinfrei", "public-domain", None),
        ("This is not in the public domain", "unknown", None),
        ("http://rightsstatements.org/page/NoC-NC/1.0/?language=fi", "rights-statement", "http://rightsstatements.org/vocab/NoC-NC/1.0/"),
        ("Tekijänoikeuden piirissä - EU-orpoteos", "rights-statement", "http://rightsstatements.org/vocab/InC-OW-EU/1.0/"),
        ("Ingen känd upphovsrätt", "rights-statement", "http://rightsstatements.org/vocab/NKC/1.0/"),
        ("Kaikki oikeudet pidätetään.", "in-copyright", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("Alla rättigheter förbehållna", "in-copyright", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("(c) 2021 Example Oy", "in-copyright", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("free of copyright", "unknown", None),
        ("openAccess", "access-right", "http://purl.org/coar/access_right/c_abf2"),
        ("info:eu-repo/semantics/restrictedAccess", "access-right", "http://purl.org/coar/access_right/c_16ec"),
        ("http://purl.org/eprint/accessRights/ClosedAccess", "access-right", "http://purl.org/coar/access_right/c_14cb"),
        ("Embargo until 2030", "access-right", None),
        ("maksuton", "access-right", None),
        ("Metadata is available under CC0", "metadata-license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Metatietoja saa käyttää vapaasti, lisenssi CC0", "metadata-license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Creative Commons", "unnamed-license", None),
        ("Creative Commons 4.0", "unnamed-license", None),
        ("Creative Commons by the city library", "unnamed-license", None),
        ("https://creativecommons.org/licenses/", "unnamed-license", None),
        ("Käyttöoikeus kysyttävä tekijältä", "unknown", None),
        ("Please give attribution to the author.", "unknown", None),
        ("https://creativecommons.org/licenses/by-xx/4.0/", "unknown", None),
        ("share alike", "none", None),
        ("", "none", None),
        (" \n", "none", None),
        ("CC1-960; QH301", "none", None),
        ("Example University Library", "none", None),
        ("https://example.org/terms", "none", None),
    ],
)  # fmt: skip
def test_what_is_no_licence_is_told_apart(text, kind, uri):
    assert (read(text).kind, read(text).uri) == (kind, uri)


@pytest.mark.parametrize(
    ("text", "family", "uri"),
    [
        ("MIT License", "mit", "https://opensource.org/licenses/MIT"),
        ("https://opensource.org/license/mit", "mit", "https://opensource.org/licenses/MIT"),
        ("GPL-3.0-or-later", "gpl", "https://www.gnu.org/licenses/gpl-3.0.html"),
        ("GNU General Public License v2", "gpl", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"),
        ("GPL", "gpl", None),
        ("https://www.gnu.org/licenses/fdl-1.3.en.html", "gfdl", "https://www.gnu.org/licenses/fdl-1.3.html"),
        ("Apache License, Version 2.0", "apache", "https://www.apache.org/licenses/LICENSE-2.0"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "odbl", "http://opendatacommons.org/licenses/odbl/1-0/"),
        ("Open Data Commons Attribution License v1.0", "odc-by", "http://opendatacommons.org/licenses/by/1-0/"),
        ("Datenlizenz Deutschland Namensnennung 2.0", "dl-de-by", "https://www.govdata.de/dl-de/by-2-0"),
        ("BSD-3-Clause", "bsd", None),
        ("https://spdx.org/licenses/BSD-3-Clause", "bsd", "https://opensource.org/licenses/BSD-3-Clause"),
    ],
)  # fmt: skip
def test_software_and_data_licences_are_read(text, family, uri):
    reading = read(text)

    assert (reading.kind, reading.family, reading.uri) == ("other-license", family, uri)


@pytest.mark.parametrize("text", ["MIT OpenCourseWare", "Apache helicopters", "An FDL course"])
def test_a_short_licence_name_needs_company(text):
    assert read(text).kind == "none"


def test_a_uri_given_beside_the_text_counts_before_it():
    assert read("CC BY", f"{CC}by/3.0/").uri == f"{CC}by/3.0/"
    assert read("CC BY", f"{CC}by/3.0/").basis == "stated"
    assert read("", f"{CC}by/3.0/").version == "3.0"


def test_a_retired_licence_is_read_as_itself():
    assert read(f"{CC}nc-sa/1.0/").family == "cc-nc-sa"
    assert read(f"{CC}sampling+/1.0/").family == "cc-sampling-plus"
    assert read("CC NC-SA").kind == "unnamed-license"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(
    ["CC", "BY", "by-nc", "SA", "4.0", "3.0", "de", "not", "©", "\x02", "\x020\x02", ".", "\n", "/",
     "https://creativecommons.org/licenses/", "by/4.0/", "&amp;", "<a href=", "metadata", "MIT",
     "40", "NonCommercial", "Attribution", "zero", "\ud7ff", "İ", "ß", "public domain"]
    ), max_size=12).map(" ".join) | st.text(max_size=80))  # fmt: skip
def test_any_text_has_a_reading(text):
    reading = read(text)

    assert reading.kind in KINDS
    assert (reading.basis is None) == (reading.uri is None and reading.family is None)
    assert (
        reading.version is None or reading.version[0] in unicodedata.normalize("NFKC", text) + "1"
    )


@pytest.mark.parametrize(
    "piece",
    ["cc by ", "by nc nd sa ", "noncommerical ", "<a ", "/", "creativecommons.org/-",
     "not licensed ", "creativecommons.org/\n", "copyright (c) 2",
     "http://creativecommons.org/licenses/by/4.0/ ",
     "&lt;a href=", "attribution non commercial share ", "\u00e4"],
)  # fmt: skip
def test_a_hostile_text_is_read_in_bounded_time(piece):
    started = time.perf_counter()

    read(piece * (200_000 // len(piece)))

    assert time.perf_counter() - started < 1
