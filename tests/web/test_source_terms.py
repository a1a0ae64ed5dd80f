"""A value that a source declared for its records is shown as such."""

import msgspec
import pytest

from oer.metadata.defaults import of_options, with_defaults
from tests.web.conftest import CC_BY, metadata

SAID = "from the source’s own terms, not stated in the record"


@pytest.mark.parametrize("name", ["language", "publisher"])
def test_the_page_says_where_a_default_came_from(page, catalogue, name):
    declared = {"language": "fi", "publisher": "Esimerkin kustannus", "license": CC_BY}
    defaults = of_options({"defaults": {name: declared[name]}})
    described, changes = with_defaults(metadata(), defaults)
    address = catalogue.add(described, audit=msgspec.json.encode(changes).decode())
    rows = page(f"/en/r/{address}").findall(".//tr")
    told = [row for row in rows if name in row.text_content() and SAID in row.text_content()]
    # In the account of changes; and among the elements, where the value can carry its basis.
    assert len(told) == (1 if name == "publisher" else 2)
