"""What the database keeps, one aggregate a file."""

from oer.database import Base
from oer.models.harvest import Harvest, HarvestedRecord
from oer.models.resource import Resource
from oer.models.source import Source

__all__ = ["Base", "Harvest", "HarvestedRecord", "Resource", "Source"]
