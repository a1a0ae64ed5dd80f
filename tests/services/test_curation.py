"""What curators decide stands, and is written down."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from oer.errors import UsageError
from oer.metadata.field_values import parse
from oer.metadata.resource_metadata import LangString, ResourceMetadata, to_json
from oer.models import Event, Finding, HarvestedRecord, Override, Resource
from oer.models.resource import IN_REVIEW, PUBLISHED, REJECTED, WITHDRAWN
from oer.services import curation
from oer.services.renormalise import renormalise
from tests.services.providers import Provider

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


# -- review ----------------------------------------------------------------------------------------


def test_with_trust_review_everything_waits_until_it_is_approved(provider, decide, resource):
    from_review = provider(trust="review")
    address = from_review.sends()
    assert resource(address).status == IN_REVIEW

    assert decide(curation.approve, address)
    assert resource(address).status == PUBLISHED
    from_review.sends(title="Vesi ja jää")
    assert resource(address).status == PUBLISHED


def test_with_trust_checked_only_what_has_errors_waits(provider, resource):
    checked = provider(trust="checked")
    assert resource(checked.sends("good")).status == PUBLISHED
    assert resource(checked.sends("bad", title="")).status == IN_REVIEW


def test_a_rejected_resource_stays_out_whatever_its_provider_sends(provider, decide, resource):
    from_review = provider(trust="review")
    address = from_review.sends()
    assert decide(curation.reject, address, reason="an advertisement")
    from_review.sends(title="Mended")
    assert resource(address).status == REJECTED

    assert decide(curation.approve, address)
    assert resource(address).status == PUBLISHED


def test_what_is_so_already_changes_nothing_and_is_not_logged(provider, decide, events):
    address = provider().sends()
    assert not decide(curation.approve, address)
    assert events() == []


@pytest.mark.parametrize(
    ("trust", "action", "advice"),
    [
        ("publish", partial(curation.reject, reason="r"), "oer curate withdraw"),
        ("review", partial(curation.withdraw, reason="r"), "oer curate reject"),
        ("review", curation.restore, "oer curate approve"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(provider, decide, events, trust, action, advice):
    address = provider(trust=trust).sends()
    with pytest.raises(UsageError, match=advice):
        decide(action, address)
    assert events() == []


@pytest.mark.parametrize("action", [curation.withdraw, curation.block])
def test_taking_away_wants_a_reason(provider, decide, action):
    with pytest.raises(UsageError, match="reason"):
        decide(action, provider().sends(), reason="  ")


def test_an_unknown_address_is_refused(sessions):
    with sessions() as session, pytest.raises(UsageError, match="'nowhere'"):
        curation.get(session, "nowhere")


# -- withdrawing -----------------------------------------------------------------------------------


def test_a_resource_a_curator_withdrew_stays_withdrawn_over_harvests(provider, decide, resource):
    metsala = provider()
    address = metsala.sends()
    assert decide(curation.withdraw, address, reason="asked for by the author")
    metsala.sends(title="Again")
    metsala.deletes()
    metsala.sends(title="And again")
    gone = resource(address)
    assert (gone.status, gone.withdrawn_reason, gone.withdrawn_by) == (
        WITHDRAWN,
        "asked for by the author",
        "aino",
    )


def test_a_withdrawal_by_the_provider_can_be_made_lasting(provider, decide, resource):
    metsala = provider()
    address = metsala.sends()
    metsala.deletes()
    assert decide(curation.withdraw, address, reason="for good")
    metsala.sends(title="Back")
    assert resource(address).status == WITHDRAWN
    assert not decide(curation.withdraw, address, reason="for good")


def test_a_successor_is_an_address_of_ours_or_a_url(provider, decide, resource):
    metsala = provider()
    old, new = metsala.sends("old"), metsala.sends("new")
    for wrong in ("nowhere", old, "javascript:alert(1)"):
        with pytest.raises(UsageError, match="stand in for"):
            decide(curation.withdraw, old, reason="r", successor=wrong)
    assert resource(old).status == PUBLISHED
    decide(curation.withdraw, old, reason="r", successor=new)
    assert resource(old).successor == new
    decide(curation.withdraw, new, reason="r", successor="https://elsewhere.example/1")
    assert resource(new).successor == "https://elsewhere.example/1"


def test_a_restored_resource_is_public_and_follows_its_provider_again(provider, decide, resource):
    metsala = provider()
    address = metsala.sends()
    decide(curation.withdraw, address, reason="r", successor="https://elsewhere.example/1")
    assert decide(curation.restore, address)
    back = resource(address)
    assert (back.status, back.withdrawn_reason, back.withdrawn_by, back.successor) == (
        PUBLISHED,
        None,
        None,
        None,
    )
    metsala.deletes()
    assert resource(address).status == WITHDRAWN
    with pytest.raises(UsageError, match="provider"):
        decide(curation.restore, address)


def test_every_change_of_status_reaches_the_index(provider, decide, resource, sessions, now):
    address = provider().sends()
    with sessions.begin() as session:
        session.execute(Resource.__table__.update().values(indexed_revision=Resource.revision))
    later = now + timedelta(hours=1)
    with sessions.begin() as session:
        found = curation.get(session, address)
        curation.withdraw(session, found, actor="aino", now=later, reason="r")
    changed = resource(address)
    assert changed.revision > changed.indexed_revision
    assert changed.datestamp == later


# -- blocking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("trust", "status"), [("publish", WITHDRAWN), ("review", REJECTED)])
def test_a_blocked_record_is_never_harvested_again(provider, decide, resource, trust, status):
    metsala = provider(trust=trust)
    address = metsala.sends()
    assert decide(curation.block, address, reason="spam")
    metsala.sends(title="More spam")
    blocked = resource(address)
    assert (blocked.status, blocked.description.title[0].text) == (status, "Vesi")
    assert not decide(curation.block, address, reason="spam")


def test_an_unblocked_record_is_harvested_and_can_be_restored(provider, decide, resource):
    metsala = provider()
    address = metsala.sends()
    decide(curation.block, address, reason="spam")
    with pytest.raises(UsageError, match="unblock"):
        decide(curation.restore, address)
    assert decide(curation.unblock, address)
    assert decide(curation.restore, address)
    metsala.sends(title="No spam")
    assert resource(address).description.title[0].text == "No spam"


def test_a_record_that_made_no_resource_is_blocked_by_its_identifier(provider, sessions, now):
    metsala = provider()
    metsala.sends_bytes(b"<broken")
    with sessions.begin() as session:
        record = curation.find_record(session, "metsala", "oai:metsala.example:1")
        assert curation.block_record(session, record, actor="aino", now=now, reason="r")
    assert metsala.sends() == ""
    with sessions() as session, pytest.raises(UsageError, match="'oai:x'"):
        curation.find_record(session, "metsala", "oai:x")


def test_what_was_not_harvested_cannot_be_blocked(authored, decide):
    with pytest.raises(UsageError, match="not harvested"):
        decide(curation.block, authored(), reason="r")


# -- corrections -----------------------------------------------------------------------------------


def test_an_override_shows_at_once_and_survives_later_harvests(provider, correct, resource):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    correct(address, "title", "Vesi", language="fi")
    assert resource(address).description.title == (LangString("Vesi", "fi"),)

    metsala.sends(title="Vesl", description=("Uusi kuvaus.",))
    after = resource(address)
    assert title_of(after) == "Vesi"
    assert after.description.description[0].text == "Uusi kuvaus."


def test_an_override_notices_when_the_provider_changes_its_mind(provider, correct, overrides, now):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    correct(address, "title", "Vesi")
    metsala.sends(title="Vesl", description=("Jotain muuta.",))
    (override,) = overrides()
    assert override.provider_changed_at is None
    assert "Vesl" in override.provider_json

    metsala.now = later = now + timedelta(days=3)
    metsala.sends(title="Vesi!")
    assert overrides()[0].provider_changed_at == later
    metsala.now += timedelta(days=1)
    metsala.sends(title="Vesi?")
    assert overrides()[0].provider_changed_at == later


def test_setting_an_override_again_accepts_what_the_provider_says_now(
    provider, correct, overrides, events
):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    correct(address, "title", "Vesi")
    metsala.sends(title="Wesi")
    correct(address, "title", "Vesi")
    (override,) = overrides()
    assert override.provider_changed_at is None
    assert "Wesi" in override.provider_json
    assert not correct(address, "title", "Vesi")
    assert [event.action for event in events()] == ["set", "set"]


def test_unsetting_gives_the_element_back_to_the_provider(provider, correct, decide, resource):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    correct(address, "title", "Vesi")
    metsala.sends(title="Vesi ja maa")
    assert decide(curation.unset_field, address, field="title")
    assert title_of(resource(address)) == "Vesi ja maa"
    assert not decide(curation.unset_field, address, field="title")


def test_a_correction_renews_findings_and_completeness(provider, correct, resource, codes):
    address = provider().sends(rights=("free to use",))
    before = resource(address).completeness
    assert "unknown-license" in codes(address)
    correct(address, "license", "CC0")
    after = resource(address)
    assert "unknown-license" not in codes(address)
    assert after.completeness > before
    assert after.description.license[0].uri == CC0


def test_a_correction_leaves_the_provider_s_record_alone(provider, correct, sessions):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    before = payload(sessions)
    correct(address, "title", "Vesi")
    assert payload(sessions) == before


def test_replaying_the_stored_payloads_keeps_corrections(provider, correct, resource, sessions):
    address = provider().sends(title="Vesl")
    correct(address, "title", "Vesi")
    before = resource(address)
    assert renormalise(sessions).as_dict()["unchanged"] == 1
    after = resource(address)
    assert (after.metadata_json, after.revision) == (before.metadata_json, before.revision)


def test_an_authored_resource_is_corrected_and_put_back(authored, correct, decide, resource):
    address = authored()
    correct(address, "title", "Ilma")
    correct(address, "language", "fi")
    assert title_of(resource(address)) == "Ilma"
    decide(curation.unset_field, address, field="title")
    after = resource(address).description
    assert after.title[0].text == "Oma aineisto"
    assert after.language[0].id == "fi"


def test_a_resource_whose_record_is_in_quarantine_now_can_be_corrected(
    provider, correct, decide, resource
):
    metsala = provider()
    address = metsala.sends(title="Vesl")
    metsala.sends_bytes(b"<broken")
    correct(address, "title", "Vesi")
    assert title_of(resource(address)) == "Vesi"
    decide(curation.unset_field, address, field="title")
    assert title_of(resource(address)) == "Vesl"


def test_a_value_of_the_wrong_type_is_never_stored(provider, sessions, overrides, now):
    address = provider().sends()
    with sessions.begin() as session:
        found = curation.get(session, address)
        with pytest.raises(UsageError, match="'title'"):
            curation.set_field(session, found, "title", 7, actor="a", now=now, reason="r")
    assert overrides() == []


# -- trust and the log -----------------------------------------------------------------------------


def test_trust_is_changed_for_what_comes_later(provider, sessions, resource, events, now):
    metsala = provider()
    first = metsala.sends("1")
    with sessions.begin() as session:
        assert curation.set_trust(session, "metsala", "review", actor="aino", now=now)
        with pytest.raises(UsageError, match="publish, review, checked"):
            curation.set_trust(session, "metsala", "blindly", actor="aino", now=now)
    assert resource(first).status == PUBLISHED
    assert resource(metsala.sends("2")).status == IN_REVIEW
    (event,) = events()
    assert (event.action, event.detail) == ("trust", {"before": "publish", "after": "review"})
    assert event.source_id == metsala.source_id


def test_the_log_says_who_what_when_and_why_and_never_changes_a_row(
    provider, decide, correct, events, now
):
    address = provider().sends()
    decide(curation.withdraw, address, reason="by mistake")
    written = [row(event) for event in events()]
    assert written[0][1:5] == (now, "aino", "withdraw", "by mistake")
    decide(curation.restore, address, reason="so it was")
    correct(address, "title", "Vesi ja jää")
    decide(curation.unset_field, address, field="title")
    decide(curation.block, address, reason="spam")
    later = [row(event) for event in events()]
    assert later[: len(written)] == written
    actions = ["withdraw", "restore", "set", "unset", "block", "withdraw"]
    assert [each[3] for each in later] == actions


# -- helpers ---------------------------------------------------------------------------------------


def title_of(resource):
    return resource.description.title[0].text


def payload(sessions):
    with sessions() as session:
        return session.scalars(select(HarvestedRecord.payload)).one()


def row(event):
    return event.id, event.at, event.actor, event.action, event.reason, event.detail


@pytest.fixture
def provider(sessions, now):
    return partial(Provider, sessions, now)


@pytest.fixture
def authored(sessions, now):
    """Add a resource that no provider sends."""

    def authored():
        metadata = ResourceMetadata(title=(LangString("Oma aineisto", "fi"),))
        resource = Resource(
            address="own1", metadata_json=to_json(metadata), created_at=now, datestamp=now
        )
        with sessions.begin() as session:
            session.add(resource)
        return "own1"

    return authored


@pytest.fixture
def decide(sessions, now):
    """Let Aino decide something about a resource."""

    def decide(action, address, **options):
        with sessions.begin() as session:
            resource = curation.get(session, address)
            return action(session, resource, actor="aino", now=now, **options)

    return decide


@pytest.fixture
def correct(sessions, now):
    """Let Aino set a field to what she types."""

    def correct(address, field, typed, language=None):
        with sessions.begin() as session:
            resource = curation.get(session, address)
            present = getattr(resource.description, field)
            value = parse(field, typed, language=language, present=present)
            return curation.set_field(
                session, resource, field, value, actor="aino", now=now, reason="a slip"
            )

    return correct


@pytest.fixture
def resource(sessions):
    def resource(address):
        with sessions() as session:
            return session.scalars(select(Resource).where(Resource.address == address)).one()

    return resource


@pytest.fixture
def codes(sessions):
    """The codes of a resource's findings."""

    def codes(address):
        query = select(Finding.code).join(Resource, Resource.id == Finding.resource_id)
        with sessions() as session:
            return set(session.scalars(query.where(Resource.address == address)))

    return codes


@pytest.fixture
def events(sessions):
    def events():
        with sessions() as session:
            return list(session.scalars(select(Event).order_by(Event.id)))

    return events


@pytest.fixture
def overrides(sessions):
    def overrides():
        with sessions() as session:
            return list(session.scalars(select(Override).order_by(Override.id)))

    return overrides
