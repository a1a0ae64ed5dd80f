"""Two invented repositories, served over real HTTP: for the demo, for trying things out, for tests.

Every record, person, organisation and text in them was made up for this project. Their mess is on
purpose: it is the mess that real repositories send.
"""

from harvesters.samples.records import PROVIDERS, Provider
from harvesters.samples.server import SampleProvider

__all__ = ["PROVIDERS", "Provider", "SampleProvider"]
