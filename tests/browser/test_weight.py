"""What a first visit costs, in bytes as they come over the wire, and a second one does not."""

import pytest

pytestmark = pytest.mark.xdist_group("browser")

MOST = 100_000
"""In bytes, for a first view with all it needs."""


@pytest.fixture
def meter(reader):
    """A reader, and what each address they are shown took, headers and all."""
    someone = reader()
    protocol = someone.context.new_cdp_session(someone.page)
    addresses, taken = {}, {}

    def responded(event):
        addresses[event["requestId"]] = event["response"]["url"]

    def finished(event):
        url = addresses.get(event["requestId"], event["requestId"])
        taken[url] = taken.get(url, 0) + event["encodedDataLength"]

    protocol.on("Network.responseReceived", responded)
    protocol.on("Network.loadingFinished", finished)
    protocol.send("Network.enable")

    def meter(path):
        taken.clear()
        someone.goes_to(path)
        someone.page.wait_for_load_state("networkidle")
        return dict(taken)

    return meter


@pytest.mark.parametrize("path", ["/", "/search?q=kasvit", "/search", "/r/{rich}"])
def test_a_first_view_is_light(meter, site, path):
    taken = meter(path.format(rich=site.rich))
    assert any("/static/" in url for url in taken), taken
    assert 5_000 < sum(taken.values()) < MOST, taken


def test_a_second_view_fetches_the_page_alone(meter, site):
    meter("/search?q=kasvit")
    for path in ("/", f"/r/{site.exercise}", "/search?q=vesi"):
        taken = meter(path)
        fetched = [url for url, cost in taken.items() if cost and "/static/" in url]
        assert fetched == []
        assert sum(taken.values()) > 1_000
