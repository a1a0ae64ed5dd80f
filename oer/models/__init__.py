"""What the database keeps, one aggregate a file."""

from oer.database import Base
from oer.models.alias import RecordAlias
from oer.models.curation import Event, Finding, MappingRow, Override
from oer.models.duplicate import DuplicateDecision, ResourceKey
from oer.models.harvest import Harvest, HarvestedRecord
from oer.models.link import Link, ResourceLink
from oer.models.relation import ResourceRelation
from oer.models.resource import Resource
from oer.models.source import Source
from oer.models.vocabulary import Vocabulary, VocabularyConcept, VocabularyLabel

__all__ = [
    "Base",
    "DuplicateDecision",
    "Event",
    "Finding",
    "Harvest",
    "HarvestedRecord",
    "Link",
    "MappingRow",
    "Override",
    "RecordAlias",
    "Resource",
    "ResourceKey",
    "ResourceLink",
    "ResourceRelation",
    "Source",
    "Vocabulary",
    "VocabularyConcept",
    "VocabularyLabel",
]
