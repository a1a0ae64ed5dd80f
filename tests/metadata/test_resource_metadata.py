"""The pivot: its JSON form loses nothing."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from oer.metadata.resource_metadata import (
    SCHEMA_VERSION,
    LangString,
    ResourceMetadata,
    Term,
    from_json,
    to_json,
)
from tests.metadata_strategies import descriptions


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(descriptions)
def test_a_description_comes_back_from_json_as_it_was(metadata):
    assert from_json(to_json(metadata)) == metadata


def test_the_json_form_speaks_lrmi_and_leaves_out_what_is_empty():
    metadata = ResourceMetadata(
        title=(LangString("Vesi", "fi"),), learning_resource_type=(Term("video"),)
    )
    assert json.loads(to_json(metadata)) == {
        "schemaVersion": SCHEMA_VERSION,
        "metadata": {
            "title": [{"text": "Vesi", "language": "fi"}],
            "learningResourceType": [{"raw": "video"}],
        },
    }


def test_a_description_from_a_newer_version_is_refused():
    with pytest.raises(ValueError, match="schema version 99"):
        from_json('{"schemaVersion": 99, "metadata": {}}')


@pytest.mark.parametrize(
    "text", ["", "[]", '{"metadata": {}}', '{"schemaVersion":1,"metadata":{"title":3}}']
)
def test_what_is_no_description_is_refused(text):
    with pytest.raises(ValueError, match="Not resource metadata"):
        from_json(text)


def test_descriptions_cannot_be_changed():
    with pytest.raises(AttributeError):
        ResourceMetadata().title = ()


def test_every_value_is_a_frozen_struct():
    for struct in _structs(ResourceMetadata):
        assert struct.__struct_config__.frozen, struct


def _structs(root):
    found, todo = set(), [root]
    while todo:
        struct = todo.pop()
        if struct not in found:
            found.add(struct)
            for field in msgspec.structs.fields(struct):
                todo += [
                    each
                    for each in _leaves(field.type)
                    if isinstance(each, type) and issubclass(each, msgspec.Struct)
                ]
    return found


def _leaves(annotation):
    arguments = getattr(annotation, "__args__", ())
    return [leaf for each in arguments for leaf in _leaves(each)] if arguments else [annotation]
