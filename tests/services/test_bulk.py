"""One decision over many: each fails alone, and what is kept is counted."""

from functools import partial

import pytest
from sqlalchemy import select

from oer.errors import SearchIndexError, UsageError
from oer.models import Event, Resource
from oer.models.resource import IN_REVIEW, PUBLISHED, REJECTED
from oer.search.memory_index import MemoryIndex
from oer.search.sync import drain
from oer.services import bulk, curation
from tests.services.providers import Provider


def test_each_resource_fails_alone_with_its_reason(provider, sessions, ids, statuses, now):
    waiting = [provider(trust="review").sends(f"{name}") for name in range(3)]
    public = provider(slug="lampi").sends()
    told = []
    reject = partial(curation.reject, actor="aino", now=now, reason="r")
    outcome = bulk.apply(sessions, ids(), reject, progress=told.append)
    assert (outcome.changed, outcome.unchanged, told) == (3, 0, [4])
    ((address, why),) = outcome.failed
    assert address == public
    assert "oer curate withdraw" in why
    assert statuses() == {**dict.fromkeys(waiting, REJECTED), public: PUBLISHED}


def test_a_refusal_leaves_nothing_in_the_log(provider, sessions, ids, now):
    provider().sends()
    reject = partial(curation.reject, actor="aino", now=now, reason="r")
    bulk.apply(sessions, ids(), reject)
    with sessions() as session:
        assert session.scalars(select(Event)).all() == []


def test_an_accident_undoes_its_own_transaction_and_keeps_those_before(
    provider, sessions, ids, statuses, now, monkeypatch
):
    monkeypatch.setattr(bulk, "BATCH", 2)
    addresses = [provider(trust="review").sends(f"{name}") for name in range(4)]
    left = [3]

    def approve(session, resource):
        left[0] -= 1
        if left[0] < 0:
            raise SearchIndexError("an accident")
        return curation.approve(session, resource, actor="aino", now=now)

    with pytest.raises(SearchIndexError):
        bulk.apply(sessions, ids(), approve)
    assert [statuses()[each] for each in addresses] == [PUBLISHED, PUBLISHED, IN_REVIEW, IN_REVIEW]


def test_a_file_names_addresses_web_addresses_and_comments(provider, sessions, ids):
    address = provider().sends()
    lines = ["# to be gone", "", f"{address} twice", f"https://oer.example/r/{address}/", "nowhere"]
    with sessions() as session:
        assert bulk.named_in(session, lines) == (ids(), ["nowhere"])


def test_a_search_gives_everything_it_finds_not_a_page(provider, sessions, ids, monkeypatch):
    monkeypatch.setattr(bulk, "SEARCH_PAGE", 2)
    metsala = provider()
    for name in range(5):
        metsala.sends(f"{name}")
    metsala.sends("other", title="Ilma", description=("Muuta.",))
    found_in_lampi = provider(slug="lampi").sends()
    index = MemoryIndex()
    drain(sessions, index)
    assert len(bulk.found_by_search(index, "vesi")) == 6
    (only,) = bulk.found_by_search(index, "vesi", "lampi")
    with sessions() as session:
        assert session.get(Resource, only).address == found_in_lampi


def test_a_search_that_finds_only_without_some_words_chooses_nothing(provider, sessions):
    provider().sends(title="Vesi")
    index = MemoryIndex()
    drain(sessions, index)
    with pytest.raises(UsageError, match="'vesi kvanttikemia'"):
        bulk.found_by_search(index, "vesi kvanttikemia")


def test_a_preview_shows_the_first_in_their_order(provider, sessions, ids):
    metsala = provider()
    for name in range(3):
        metsala.sends(f"{name}", title=f"Vesi {name}")
    wanted = list(reversed(ids()))
    with sessions() as session:
        shown = bulk.preview(session, wanted, limit=2)
    assert [each.title for each in shown] == ["Vesi 2", "Vesi 1"]


@pytest.fixture
def provider(sessions, now):
    made = {}

    def provider(slug="metsala", **options):
        if slug not in made:
            made[slug] = Provider(sessions, now, slug, **options)
        return made[slug]

    return provider


@pytest.fixture
def ids(sessions):
    """The numbers of all resources."""

    def ids():
        with sessions() as session:
            return list(session.scalars(select(Resource.id).order_by(Resource.id)))

    return ids


@pytest.fixture
def statuses(sessions):
    def statuses():
        with sessions() as session:
            return {row.address: row.status for row in session.scalars(select(Resource))}

    return statuses
