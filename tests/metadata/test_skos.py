"""Vocabulary files: what counts as a concept and a label, and what is refused."""

import io

import pytest

from oer.metadata import skos
from oer.metadata.skos import SkosConcept, language_of_file
from tests.shared_data import shared_data

X = "http://vocabulary.example/"

PREFIXES = f"""
@base <{X}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def test_labels_are_kept_by_language_and_others_are_alternatives():
    assert turtle(
        '<a> a skos:Concept ; skos:prefLabel "vesi"@fi, "vatten"@sv ;'
        ' skos:altLabel "H2O"@fi ; skos:hiddenLabel "water".'
    ) == [SkosConcept(f"{X}a", {"fi": "vesi", "sv": "vatten"}, (("H2O", "fi"), ("water", None)))]


def test_a_second_preferred_label_in_a_language_is_an_alternative():
    (concept,) = turtle('<a> skos:prefLabel "vesi"@fi, "H2O"@fi .')
    assert (concept.labels, concept.alternative) == ({"fi": "vesi"}, (("H2O", "fi"),))


def test_a_label_without_a_language_is_kept_as_undetermined():
    (concept,) = turtle('<a> skos:prefLabel "H2O" .')
    assert concept.labels == {"und": "H2O"}


def test_schemes_and_collections_are_no_concepts():
    assert not turtle(
        '<s> a skos:ConceptScheme ; skos:prefLabel "Scheme"@en .'
        '<c> a skos:Collection ; skos:prefLabel "Collection"@en .'
    )


def test_a_concept_without_a_label_is_left_out():
    assert not turtle("<a> a skos:Concept ; skos:broader <b> .")


def test_broader_is_read_from_either_end():
    concepts = turtle(
        '<a> skos:prefLabel "a" ; skos:broader <b> . <b> skos:prefLabel "b" . '
        '<c> skos:prefLabel "c" ; skos:narrower <b> .'
    )
    assert {each.uri: each.broader for each in concepts} == {
        f"{X}a": (f"{X}b",), f"{X}b": (f"{X}c",), f"{X}c": (),
    }  # fmt: skip


def test_a_deprecated_concept_is_marked():
    (concept,) = turtle('<a> skos:prefLabel "old" ; owl:deprecated true .')
    assert concept.deprecated


def test_statements_of_one_concept_may_stand_far_apart():
    (concept,) = turtle('<a> skos:prefLabel "a"@fi . [] skos:prefLabel "no" . <a> a skos:Concept .')
    assert concept.labels == {"fi": "a"}


def test_only_web_addresses_and_urns_name_concepts():
    read = turtle(
        '<javascript:alert(1)> skos:prefLabel "x" . <urn:a:b> skos:prefLabel "y" . '
        f'<{X}{"a" * 1000}> skos:prefLabel "z" .'
    )
    assert [each.uri for each in read] == ["urn:a:b"]


def test_labels_are_plain_single_lines():
    (concept,) = turtle('<a> skos:prefLabel "  a\\u0000\\n b "@fi .')
    assert concept.labels == {"fi": "a b"}


def test_rdf_xml_says_the_same():
    assert rdf_xml() == [SkosConcept(f"{X}a", {"fi": "vesi"}, (), (f"{X}b",))]


def test_rdf_xml_that_defines_entities_is_refused():
    with pytest.raises(ValueError, match="XML entities"):
        rdf_xml('<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>')


def test_an_entity_is_seen_across_the_pieces_it_is_read_in():
    with pytest.raises(ValueError, match="XML entities"):
        rdf_xml(f"<!--{' ' * 8180}--><!DOCTYPE r [<!ENTITY a 'a'>]>", stream=Drops)


def test_rdf_xml_in_an_encoding_that_could_hide_entities_is_refused():
    with pytest.raises(ValueError, match="UTF-8"):
        rdf_xml(encoding="utf-16")


def test_a_broken_file_is_refused_with_the_place():
    with pytest.raises(ValueError, match="line 6"):
        turtle("\n<a> skos:prefLabel .")


def test_a_table_without_header_has_uris_and_labels_in_the_language_it_is_given():
    assert tsv(f"<{X}a>\tvesi\n{X}b\tilma\t123\n", language="fi") == [
        SkosConcept(f"{X}a", {"fi": "vesi"}),
        SkosConcept(f"{X}b", {"fi": "ilma"}),
    ]


def test_a_table_with_a_header_names_its_columns():
    assert tsv(
        f"uri\tnotation\tlabel_fi\tlabel_sv\talt_fi\tbroader\n"
        f"{X}a\t1\tvesi\tvatten\tH2O\t{X}b {X}c\n{X}a\t\t\t\tvety\t\n"
    ) == [
        SkosConcept(
            f"{X}a",
            {"fi": "vesi", "sv": "vatten"},
            (("H2O", "fi"), ("vety", "fi")),
            (f"{X}b", f"{X}c"),
        )
    ]


def test_quotation_marks_in_a_table_are_part_of_the_label():
    (concept,) = tsv(f'{X}a\t"new" things\n')
    assert concept.labels == {"und": '"new" things'}


@pytest.mark.parametrize(
    ("text", "said"),
    [(f"{X}a\n", "Line 1"), ("uri\tname\n", "label_fi"), ("\udcff\t\n", "UTF-8")],
)
def test_a_table_that_is_none_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        tsv(text)


def test_an_empty_table_has_no_concepts():
    assert tsv("") == []


@pytest.mark.parametrize(
    ("stem", "language"),
    [("yso-fi", "fi"), ("labels.sv", "sv"), ("yso", None), ("yso-v2", None), ("terms-old", None)],
)
def test_the_language_of_a_table_may_stand_at_the_end_of_its_name(stem, language):
    assert language_of_file(stem) == language


def test_more_statements_than_a_vocabulary_has_are_refused(monkeypatch):
    monkeypatch.setattr(skos, "MOST_STATEMENTS", 2)
    with pytest.raises(ValueError, match="more than 2"):
        turtle('<a> skos:prefLabel "a"@fi, "b"@sv, "c"@en .')


@pytest.mark.parametrize("name", ["kim/hcrt.ttl", "kim/educationalLevel.ttl"])
def test_real_vocabularies_are_read(name):
    with shared_data("vocab", name).open("rb") as stream:
        concepts = skos.concepts(skos.statements(stream, "ttl"))
    assert len(concepts) >= 10
    assert all({"de", "en"} <= set(concept.labels) for concept in concepts)


def test_real_yso_is_read_whole():
    with shared_data("vocab", "yso", "yso-fi.tsv").open("rb") as stream:
        concepts = skos.concepts(skos.statements(stream, "tsv", language="fi"))
    assert len(concepts) == 27760


class Drops(io.BytesIO):
    """Gives less than is asked for, so that words fall into two pieces."""

    def read(self, size=-1, /):
        return super().read(13)


def turtle(text):
    return skos.concepts(skos.statements(io.BytesIO((PREFIXES + text).encode()), "ttl"))


def tsv(text, **options):
    stream = io.BytesIO(text.encode("utf-8", "surrogateescape"))
    return skos.concepts(skos.statements(stream, "tsv", **options))


def rdf_xml(declarations="", encoding="utf-8", stream=io.BytesIO):
    text = f"""{declarations}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:skos="http://www.w3.org/2004/02/skos/core#"><skos:Concept rdf:about="{X}a">
        <skos:prefLabel xml:lang="fi">vesi</skos:prefLabel>
        <skos:broader rdf:resource="{X}b"/></skos:Concept></rdf:RDF>"""
    return skos.concepts(skos.statements(stream(text.encode(encoding)), "rdf"))
