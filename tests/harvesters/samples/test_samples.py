"""The sample repositories: sound OAI-PMH, and records that show what a catalogue meets."""

import re
import socket
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from lxml import etree, html

from harvesters.samples import PROVIDERS, SampleProvider
from harvesters.samples.__main__ import main
from harvesters.samples.records import DATA, SampleRecord, cast, catalogue, texts
from oer.errors import UsageError
from tests.shared_data import shared_data

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LOM = "{http://ltsc.ieee.org/xsd/LOM}"
NOW = datetime(2025, 11, 3, 9, 30, 15, tzinfo=UTC)
PREFIXES = [(p.slug, prefix) for p in PROVIDERS.values() for prefix in p.metadata_prefixes]


# Harvesting them


@pytest.mark.parametrize(("name", "prefix"), PREFIXES)
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_paging_reaches_every_record_once(samples, name, prefix, verb):
    sample = samples[name]
    found = [header.findtext(f"{OAI}identifier") for header in headers(sample, verb, prefix)]
    assert found == [record.identifier for record in sample.records]


def test_a_list_in_parts_counts_and_ends_with_an_empty_token(samples):
    tokens = [page.find(f".//{OAI}resumptionToken") for page in pages(samples["metsola"], "oai_dc")]
    assert [token.get("cursor") for token in tokens] == ["0", "25", "50", "75", "100"]
    assert {token.get("completeListSize") for token in tokens} == {"102"}
    assert [bool(token.text) for token in tokens] == [True, True, True, True, False]


def test_a_list_in_one_piece_has_no_token(samples):
    reply = ask(samples["metsola"], verb="ListRecords", metadataPrefix="oai_dc", set="telma")
    assert reply.find(f".//{OAI}resumptionToken") is None
    assert len(reply.findall(f".//{OAI}record")) == 2


def test_a_token_can_be_used_again(samples):
    sample = samples["skargard"]
    token = next(pages(sample, "lom")).findtext(f".//{OAI}resumptionToken")
    first, second = (ask(sample, verb="ListRecords", resumptionToken=token) for _ in range(2))
    assert identifiers(first) == identifiers(second)
    assert len(identifiers(first)) == 25


def test_a_token_remembers_set_and_dates():
    with SampleProvider("metsola", page_size=3) as sample:
        asked = {"set": "perusopetus", "from": "2024-03-01", "until": "2024-12-31"}
        found = list(headers(sample, "ListIdentifiers", "oai_dc", **asked))
    assert len(found) > 9
    for header in found:
        assert "2024-03-01" <= header.findtext(f"{OAI}datestamp")[:10] <= "2024-12-31"
        assert any(spec.text.startswith("perusopetus") for spec in header.findall(f"{OAI}setSpec"))


@pytest.mark.parametrize("name", PROVIDERS)
def test_deleted_records_are_headers_only(samples, name):
    sample = samples[name]
    prefix = sample.provider.metadata_prefix
    deleted = [
        record
        for page in pages(sample, prefix)
        for record in page.iter(f"{OAI}record")
        if record.find(f"{OAI}header").get("status") == "deleted"
    ]
    assert len(deleted) == sum(record.deleted for record in sample.records) > 2
    assert all([child.tag for child in record] == [f"{OAI}header"] for record in deleted)
    single = ask(
        sample,
        verb="GetRecord",
        metadataPrefix=prefix,
        identifier=deleted[0].findtext(f".//{OAI}identifier"),
    )
    assert single.find(f".//{OAI}header").get("status") == "deleted"


def test_one_record_has_no_metadata_though_it_is_not_deleted():
    bare = [r.id for r in everything() if r.elements is None and not r.deleted]
    assert bare == ["1051"]


def test_from_and_until_are_inclusive_and_a_day_means_all_of_it(samples):
    sample = samples["metsola"]
    second = {"from": "2024-04-03T10:10:10Z", "until": "2024-04-03T10:10:10Z"}
    assert local_ids(sample, "oai_dc", **second) == ["1015"]
    day = {"from": "2024-04-03", "until": "2024-04-03"}
    assert local_ids(sample, "oai_dc", **day) == ["1015", "1016"]
    assert local_ids(samples["skargard"], "lom", **{"from": "2025-09-22"}) == [
        "kurs/2024/01",
        "kurs/2024/02",
    ]


def test_a_set_holds_the_records_of_its_subsets(samples):
    sample = samples["metsola"]
    whole = local_ids(sample, "oai_dc", set="korkeakoulu")
    parts = [f"korkeakoulu:{part}" for part in ("alempi", "ylempi", "tohtori")]
    assert len(whole) == 9
    assert {i for part in parts for i in local_ids(sample, "oai_dc", set=part)} < set(whole)


def test_every_set_named_by_a_record_is_listed(samples):
    for sample in samples.values():
        listed = {e.text for e in ask(sample, verb="ListSets").iter(f"{OAI}setSpec")}
        assert {spec for record in sample.records for spec in record.set_specs} <= listed


def test_a_second_harvest_finds_nothing_new_unless_something_is_fresh():
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "lom", "from": "2025-11-03"}
    with SampleProvider("skargard", now=lambda: NOW) as sample:
        assert error_code(sample, **asked) == "noRecordsMatch"
    with SampleProvider("skargard", now=lambda: NOW, fresh=4) as sample:
        assert len(identifiers(ask(sample, **asked))) == 4
        record = next(ask(sample, **asked | {"verb": "ListRecords"}).iter(f"{OAI}record"))
    assert record.findtext(f".//{OAI}datestamp") == "2025-11-03"
    assert "Uppdaterad 2025-11-03." in "".join(record.itertext())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("", "badVerb"),
        ("verb=Explain", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=%01", "badVerb"),
        ("verb=Identify&set=lukio", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-03&until=2024-02-02", "badArgument"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-03&until=2024-02-04T00:00:00Z",
            "badArgument",
        ),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a%20b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=%08", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListRecords|oai_dc||||5000", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListRecords|oai_dc|x%20y|||25", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListIdentifiers|oai_dc||||25", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=lom&identifier=x", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%FF", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=x", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=kokeilut", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01", "noRecordsMatch"),
    ],
)
def test_a_wrong_request_gets_the_error_of_the_protocol(samples, arguments, code):
    reply = etree.fromstring(fetch(f"{samples['metsola'].base_url}?{arguments}"))
    assert [error.get("code") for error in reply.iter(f"{OAI}error")] == [code]
    echoed = reply.find(f"{OAI}request").attrib
    assert bool(echoed) == (code not in ("badVerb", "badArgument"))


def test_seconds_are_too_fine_for_a_repository_of_days(samples):
    asked = {"verb": "ListRecords", "metadataPrefix": "lom", "from": "2024-01-01T00:00:00Z"}
    assert error_code(samples["skargard"], **asked) == "badArgument"


def test_a_post_is_answered_like_a_get(samples):
    sample = samples["skargard"]
    form = urlencode({"verb": "ListSets"})
    posted = etree.fromstring(fetch(sample.base_url, form.encode()))
    asked = ask(sample, verb="ListSets")
    assert etree.tostring(posted.find(f"{OAI}ListSets")) == etree.tostring(
        asked.find(f"{OAI}ListSets")
    )


def test_identify_says_what_is_true(samples):
    for name, sample in samples.items():
        found = {etree.QName(e).localname: e.text for e in ask(sample, verb="Identify")[2]}
        stamps = [record.shown_datestamp for record in sample.records]
        assert found["baseURL"] == sample.base_url
        assert found["earliestDatestamp"] == min(stamps)
        assert found["deletedRecord"] == PROVIDERS[name].deleted_record
        assert len(found["granularity"]) == Counter(map(len, stamps)).most_common(1)[0][0]


# Valid against the schemas


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("verb", ["Identify", "ListSets", "ListMetadataFormats"])
def test_short_replies_are_valid(samples, name, verb):
    assert validate(ask(samples[name], verb=verb)) == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"verb": "Explain"},
        {"verb": "ListSets", "resumptionToken": "x"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "\x08"},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "ei ole"},
    ],
)
def test_errors_are_valid_replies(samples, arguments):
    reply = ask(samples["metsola"], **arguments)
    assert validate(reply) == []
    assert reply.find(f"{OAI}error").text


@pytest.mark.parametrize(("name", "prefix"), PREFIXES)
def test_lists_are_valid_but_for_the_datestamp_that_is_malformed_on_purpose(samples, name, prefix):
    problems = [p for page in pages(samples[name], prefix) for p in validate(page)]
    assert all("'2024-10-23 13.00'" in problem for problem in problems)
    assert bool(problems) == (name == "metsola")


def test_dublin_core_is_valid_but_for_the_level_that_stands_in_it_as_at_aoe_fi(samples):
    schema = schema_of("oai_dc.xsd")
    for sample in samples.values():
        for record in payloads(sample, "oai_dc"):
            for foreign in record.findall("{http://dublincore.org/dcx/lrmi-terms/1.1/}*"):
                record.remove(foreign)
            assert schema.validate(record), schema.error_log


def test_lom_is_valid_but_for_the_records_that_are_not_on_purpose(samples):
    schema = schema_of("lom", "usr-share", "xsd", "schemas-lom", "lomLoose.xsd")
    invalid = {
        record.findtext(f"{LOM}metaMetadata/{LOM}identifier/{LOM}entry"): str(schema.error_log)
        for record in payloads(samples["skargard"], "lom")
        if not schema.validate(record)
    }
    assert set(invalid) == MESSY_LOM, invalid


# What opens


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_material_on_the_server_opens_as_a_page_in_its_language(samples, name):
    sample = samples[name]
    site = sample.base_url.removesuffix("/oai")
    for record in sample.records:
        if record.elements is not None:
            page = html.fromstring(fetch(f"{site}/material/{record.id}"))
            title = texts(record.elements["title"], None)[0][0]
            assert page.findtext(".//h1").split() == title.split()
            assert page.get("lang") == record.elements["lang"].replace("x-none", "")


def test_every_own_address_in_the_records_leads_somewhere(samples):
    for sample in samples.values():
        own = sample.base_url.removesuffix("/oai")
        found = {
            address.strip()
            for record in payloads(sample, sample.provider.metadata_prefix)
            for element in record.iter()
            for address in re.findall(rf"{re.escape(own)}/[^\n<]*", element.text or "")
        }
        assert len(found) > 70
        for address in found:
            fetch(own + quote(urlsplit(address).path))


def test_arabic_reads_from_right_to_left(samples):
    site = samples["metsola"].base_url.removesuffix("/oai")
    assert b'dir="rtl"' in fetch(f"{site}/material/1083").split(b"<head>")[0]


@pytest.mark.parametrize(
    "path", ["/material/9999", "/material/1014", "/material/10", "/etc/passwd"]
)
def test_unknown_and_deleted_materials_are_not_found(samples, path):
    site = samples["metsola"].base_url.removesuffix("/oai")
    with pytest.raises(HTTPError, match="404") as caught:
        fetch(site + path)
    caught.value.close()


def test_text_of_records_is_never_markup_on_a_page(samples):
    site = samples["metsola"].base_url.removesuffix("/oai")
    page = fetch(f"{site}/material/1020").decode()
    assert "Oppilaat piirtävät kartan" in page
    assert "<b>" not in page


# The server


def test_it_listens_on_loopback_only_and_gives_its_port_back():
    with SampleProvider("metsola") as sample:
        address = urlsplit(sample.base_url)
        assert address.hostname == "127.0.0.1"
        with pytest.raises(UsageError, match="Choose another"):
            SampleProvider("skargard", port=address.port).start()
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", address.port))


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(UsageError, match="Known: metsola, skargard"):
        SampleProvider("metsälä")


def test_the_command_says_in_a_sentence_that_its_port_is_taken(capsys):
    with SampleProvider("metsola") as sample:
        assert main(["--port", str(urlsplit(sample.base_url).port), "metsola"]) == 2
    assert "cannot be used" in capsys.readouterr().err


# What the records are


def test_there_are_enough_live_records_in_the_three_languages():
    languages = Counter(elements["lang"] for elements in live())
    assert languages.total() >= 150
    assert min(languages[tag] for tag in ("fi", "sv", "en")) >= 25
    assert {"se", "et", "ru", "ar", "uk"} <= set(languages)
    assert sum(record.deleted for record in everything()) == 8


def test_every_level_is_there():
    used = {level["en"] for elements in live() for level in elements["level"]}
    known = {level["en"] for name in PROVIDERS for level in levels_of(name)}
    assert used == known
    assert {"early childhood education", "third cycle degree", "integration training"} <= used


LICENSES = {
    "cc by 4.0": r"(?i)\bcc[ -]by[ -]4\.0|licenses/by/4\.0",
    "cc by-sa 4.0": r"CC BY-SA 4\.0|licenses/by-sa/4\.0",
    "cc by-nd 4.0": r"CC BY-ND 4\.0",
    "cc by-nc 4.0": r"CC BY-NC 4\.0|licenses/by-nc/4\.0",
    "cc by-nc-sa 4.0": r"CC BY-NC-SA 4\.0|licenses/by-nc-sa/4\.0",
    "cc by-nc-nd 4.0": r"CC BY-NC-ND 4\.0|licenses/by-nc-nd/4\.0",
    "version 3.0": r"licenses/by[a-z-]*/3\.0|CC BY[A-Z-]* 3\.0",
    "version 2.0": r"licenses/by[a-z-]*/2\.0|CC BY[A-Z-]* 2\.0",
    "ported": r"licenses/by[a-z-]*/[23]\.[05]/[a-z]{2}/",
    "cc0": r"CC0|publicdomain/zero",
    "public domain mark": r"publicdomain/mark",
    "public domain, no more": r"^Public domain$",
    "family without version": r"(?i)^cc by[a-z-]*( [a-z-]+)?$",
    "rights statement": r"rightsstatements\.org",
    "all rights reserved": r"©|(?i:all rights reserved|kaikki oikeudet|alla rättigheter)",
    "free to use": r"Free to use|Fritt att använda|Vapaasti käytettävissä",
    "code without spaces": r"^CCBYNCSA4\.0$",
    "code like SPDX": r"^CC-BY-SA-4\.0$|spdx\.org",
    "label in Finnish": r"Creative Commons Nimeä-EiKaupallinen-JaaSamoin 4\.0",
    "label in Swedish": r"Creative Commons Erkännande 4\.0",
    "label in English": r"Creative Commons Attribution-NonCommercial 4\.0",
    "key of the Dutch profile": r"^cc-by-nc-sa-40$",
    "markup around it": r"<a href=",
    "permission for teaching": r"Lupa käyttää opetuksessa",
}


@pytest.mark.parametrize("kind", LICENSES)
def test_every_kind_of_licence_statement_is_there(kind):
    assert any(re.search(LICENSES[kind], text) for each in statements() for text in each)


def test_some_records_say_nothing_of_rights_and_some_contradict_themselves():
    silent = [each for each in statements() if not any(each)]
    assert len(silent) >= 3
    assert [
        "https://creativecommons.org/licenses/by/4.0/",
        "© Leena Kanervatie 2024. Kaikki oikeudet pidätetään.",
    ] in statements()


@pytest.mark.parametrize(
    "subject",
    [
        "fotosynteesi", "murtoluvut", "vesi", "toinen maailmansota", "kestävä kehitys",
        "ilmastonmuutos", "ohjelmointi", "lukutaito", "S2", "lähihoitaja", "hitsaus",
        "tilastotiede", "mediekunskap", "bråk", "andra världskriget", "hållbar utveckling",
    ],
)  # fmt: skip
def test_school_subjects_people_search_for_are_there(subject):
    assert any(
        text == subject
        for elements in live()
        for key in ("subject", "keyword")
        for text, _ in texts(elements.get(key), None)
    )


def test_descriptions_are_long_enough_to_judge_by():
    lengths = sorted(
        max(len(text) for text, _ in texts(elements["description"], None)) for elements in live()
    )
    assert lengths[len(lengths) // 20] > 120


def test_identifiers_are_used_once():
    assert max(Counter(record.identifier for record in everything()).values()) == 1


# Nobody real


def test_records_name_only_the_invented_cast():
    allowed = {*cast()["persons"], *cast()["organisations"], ""}
    assert named() - allowed == set()


def test_no_harvested_record_knows_anybody_of_the_cast():
    folder = shared_data("records", "oai_dc")
    real = {
        " ".join(name.split()).rstrip(".")
        for file in folder.glob("*.xml")
        for name in re.findall(
            r"<dc:(?:creator|contributor|publisher)[^>]*>([^<]+)<",
            file.read_text(encoding="utf-8", errors="replace"),
        )
    }
    assert len(real) > 1000
    assert real & {*cast()["persons"], *cast()["organisations"]} == set()


def test_addresses_lead_to_invented_hosts_or_to_vocabularies():
    hosts = {
        host
        for name in PROVIDERS
        for host in re.findall(
            r"https?://([^/\s\"]+)", (DATA / f"{name}.toml").read_text(encoding="utf-8")
        )
    }
    assert {host for host in hosts if not host.endswith((".example.org", ".example"))} == {
        "creativecommons.org", "doi.org", "orcid.org", "purl.edustandaard.nl", "purl.org",
        "rightsstatements.org", "spdx.org", "w3id.org",
    }  # fmt: skip


# Helpers

MESSY_LOM = {"kurs/2019/17", "kurs/2019/18"}


@pytest.fixture(scope="module")
def samples() -> Iterator[dict[str, SampleProvider]]:
    with SampleProvider("metsola") as metsola, SampleProvider("skargard") as skargard:
        yield {"metsola": metsola, "skargard": skargard}


def fetch(url: str, form: bytes | None = None) -> bytes:
    with urlopen(url, form, timeout=10) as response:
        return response.read()


def ask(sample: SampleProvider, **arguments: str) -> etree._Element:
    return etree.fromstring(fetch(f"{sample.base_url}?{urlencode(arguments)}"))


def pages(
    sample: SampleProvider, prefix: str, verb: str = "ListRecords", **asked: str
) -> Iterator[etree._Element]:
    arguments = {"metadataPrefix": prefix, **asked}
    while arguments:
        page = ask(sample, verb=verb, **arguments)
        yield page
        token = page.findtext(f".//{OAI}resumptionToken")
        arguments = {"resumptionToken": token} if token else {}


def headers(
    sample: SampleProvider, verb: str, prefix: str, **asked: str
) -> Iterator[etree._Element]:
    for page in pages(sample, prefix, verb, **asked):
        yield from page.iter(f"{OAI}header")


def payloads(sample: SampleProvider, prefix: str) -> Iterator[etree._Element]:
    for page in pages(sample, prefix):
        for metadata in page.iter(f"{OAI}metadata"):
            # Parsed anew, as a harvester stores it: the document must stand by itself.
            yield etree.fromstring(etree.tostring(metadata[0]))


def identifiers(reply: etree._Element) -> list[str]:
    return [e.text for e in reply.iter(f"{OAI}identifier")]


def local_ids(sample: SampleProvider, prefix: str, **asked: str) -> list[str]:
    found = headers(sample, "ListIdentifiers", prefix, **asked)
    return [header.findtext(f"{OAI}identifier").split(":")[2] for header in found]


def error_code(sample: SampleProvider, **arguments: str) -> str | None:
    return ask(sample, **arguments).find(f"{OAI}error").get("code")


def schema_of(*parts: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared_data("xsd", *parts)))


def validate(reply: etree._Element) -> list[str]:
    """What the OAI-PMH schema finds wrong; payloads are checked by their own schemas."""
    schema = schema_of("OAI-PMH-lax.xsd")
    # Parsed anew, since lxml validates with the namespaces of the tree it has.
    schema.validate(etree.fromstring(etree.tostring(reply)))
    return [error.message for error in schema.error_log]


def everything() -> list[SampleRecord]:
    return [record for name in PROVIDERS for record in catalogue(name).records]


def live() -> list[dict]:
    return [record.elements for record in everything() if record.elements is not None]


def statements() -> list[list[str]]:
    found = []
    for elements in live():
        copyright_ = elements.get("copyright")
        key = [copyright_["value"]] if isinstance(copyright_, dict) else []
        found.append([text for text, _ in texts(elements.get("rights"), None)] + key)
    return found


def levels_of(name: str) -> list[dict[str, str]]:
    return list(
        tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))["levels"].values()
    )


def named() -> set[str]:
    names = set()
    for elements in live():
        for key in ("creator", "contributor", "publisher"):
            names.update(text for text, _ in texts(elements.get(key), None))
        for agent in elements.get("contribute", ()):
            names.update(agent[key] for key in ("name", "org") if key in agent)
            names.update(re.findall(r"(?:FN|ORG): ?(.+)", agent.get("vcard", "")))
    return names
