"""Addresses that were read aloud, and written down as they were heard."""

import pytest

from oer.services import addresses


@pytest.mark.parametrize(
    "heard",
    [
        "se8vm0g1", "SE8VM0G1", "se8vmogi", "SE8VMOGL", "se8vmoGl.", "se8v-m0g1", "se8v m0g1",
        "se8vm0g1/", "Se8vm0g1,",
    ],
)  # fmt: skip
def test_an_address_is_understood_as_it_was_heard(heard):
    assert addresses.copied(heard) == "se8vm0g1"


@pytest.mark.parametrize(
    "other",
    ["", "se8vm0g", "se8vm0g12", "se8vm0gu", "se8vm0gä", "../../etc", "ſe8vm0g1", "a" * 10_000],
)
def test_what_cannot_be_an_address_is_none(other):
    assert addresses.copied(other) is None


def test_every_address_is_understood_as_itself(sqlite_sessions):
    with sqlite_sessions() as session:
        drawn = addresses.new_addresses(session, 200)
    assert [addresses.copied(each.upper()) for each in drawn] == drawn
