"""What a source's definition says for its protocol alone, on its way to the harvester."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from harvesters.harvester import HarvestRequest


@dataclass(frozen=True)
class RequestWithOptions(HarvestRequest):
    """A request to a source whose protocol needs to know more, such as a column mapping."""

    options: Mapping[str, Any] = field(default_factory=dict)


def with_options(request: HarvestRequest, options: Mapping[str, Any]) -> HarvestRequest:
    """The request, with the source's options."""
    return RequestWithOptions(**{**asdict(request), "options": options})


def options_of(request: HarvestRequest) -> Mapping[str, Any]:
    """The options of the source that is asked; none where the request carries none."""
    options: Mapping[str, Any] | None = getattr(request, "options", None)
    return options or {}
