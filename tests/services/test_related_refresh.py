"""Relations are kept along with the keys for finding copies."""

from oer.metadata.resource_metadata import LangString, Relation, ResourceMetadata, to_json
from oer.models import Resource
from oer.models.resource import WITHDRAWN
from oer.services import duplicates, related

HERE = "https://m.example/course/1"


def test_what_speaks_of_a_resource_is_found_once_the_keys_are_brought_up(sessions, now):
    def told():
        with sessions() as session:
            whole = session.query(Resource).filter_by(address="whole").one()
            found = related.mentions(session, whole, related.own_names(session, whole))
            return [(each.kind, each.held.address) for each in found]

    def put(address, **elements):
        with sessions.begin() as session:
            metadata = ResourceMetadata(title=(LangString(address, "en"),), **elements)
            found = session.query(Resource).filter_by(address=address).one_or_none()
            made = found or Resource(address=address, created_at=now, datestamp=now, revision=0)
            made.metadata_json = to_json(metadata)
            made.revision += 1
            session.add(made)

    put("whole", landing_page=HERE)
    put("part", relations=(Relation("is_part_of", HERE), Relation("requires", HERE)))
    assert told() == []
    duplicates.refresh(sessions)
    assert told() == [("has_part", "part"), ("is_required_by", "part")]
    put("part", relations=(Relation("is_based_on", HERE),))
    duplicates.refresh(sessions)
    assert told() == [("is_basis_for", "part")]
    with sessions.begin() as session:
        part = session.query(Resource).filter_by(address="part").one()
        part.status, part.revision = WITHDRAWN, part.revision + 1
    duplicates.refresh(sessions)
    assert told() == []
