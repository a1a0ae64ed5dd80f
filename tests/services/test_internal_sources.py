"""Sources in our own network: what is odd elsewhere is as it should be there."""

import pytest
from sqlalchemy import select, update

from oer.models import Finding, Source
from tests.harvesters.replay import page, record


@pytest.mark.parametrize(("internal", "found"), [(False, True), (True, False)])
def test_a_private_address_is_a_finding_unless_the_source_is_internal(
    harvest, sessions, internal, found
):
    with sessions.begin() as session:
        session.execute(update(Source).values(internal=internal))
    harvest([page(record("a").replace("https://material.example.org", "http://10.0.0.7"))])
    with sessions() as session:
        codes = set(session.scalars(select(Finding.code)))
    assert ("private-address" in codes) == found
