"""The table of elements and vocabularies says what ``normalise`` does."""

import msgspec
import pytest

from oer.metadata.normalise import normalise
from oer.metadata.resource_metadata import Alignment, Material, ResourceMetadata, Term
from oer.metadata.term_fields import ALIGNED, ELEMENTS, terms
from oer.metadata.vocabularies import VOCABULARIES, concepts

PLACES = {
    **{
        element: lambda term, element=element: {element: (term,)}
        for element in (field.name for field in msgspec.structs.fields(ResourceMetadata))
        if element in ELEMENTS
    },
    "keywords": lambda term: {"keywords": (Term(raw_id=term.raw),)},
    "access_mode_sufficient": lambda term: {"access_mode_sufficient": ((term,),)},
    "materials": lambda term: {"materials": (Material(access_rights=term),)},
    **{kind: lambda term, kind=kind: {"alignment": (Alignment(kind, term),)} for kind in ALIGNED},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_an_element_is_looked_for_in_the_vocabularies_it_is_read_with(place, vocabulary):
    concept = concepts(vocabulary)[0].id
    stated = ResourceMetadata(**PLACES[place](Term(concept)))
    ((names, _),) = terms(stated)
    ((_, read),) = terms(normalise(stated)[0])
    assert (read.id == concept) == (vocabulary in names)


def test_no_other_element_of_terms_is_read_with_a_vocabulary():
    others = [
        field.name
        for field in msgspec.structs.fields(ResourceMetadata)
        if field.type == tuple[Term, ...] and field.name not in ELEMENTS
    ]
    assert sorted(others) == ["keywords", "language"]


def test_a_keyword_of_free_text_belongs_to_no_vocabulary():
    assert list(terms(ResourceMetadata(keywords=(Term("vesi"),)))) == []
