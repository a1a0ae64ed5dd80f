"""Looking at a material here: what may be shown, from where, and under which policy."""

from dataclasses import replace

import pytest

from oer.app import create_app
from oer.metadata.resource_metadata import Caption, LangString, Material
from oer.models.resource import IN_REVIEW, MERGED, WITHDRAWN
from oer.web import preview
from oer.web.players import PLAYERS, frame_of
from tests.web.conftest import metadata

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
NOCOOKIE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"

FRAMES = {
    YOUTUBE: NOCOOKIE,
    "http://youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=3s#x": NOCOOKIE,
    "https://youtu.be/dQw4w9WgXcQ?si=abc": NOCOOKIE,
    "https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1": NOCOOKIE,
    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ": NOCOOKIE,
    "https://m.youtube.com/shorts/dQw4w9WgXcQ": NOCOOKIE,
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://player.vimeo.com/video/76979871?title=0": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://vimeo.com/7697/abcdef1234": "https://player.vimeo.com/video/7697?h=abcdef1234&dnt=1",
    "https://player.vimeo.com/video/7697?x=1&h=abcdef1234": "https://player.vimeo.com/video/7697"
    "?h=abcdef1234&dnt=1",
    "https://commons.wikimedia.org/wiki/File:Bee_(x)_%C3%A4.webm": "https://commons.wikimedia.org"
    "/wiki/File:Bee_%28x%29_%C3%A4.webm?embedplayer=yes",
    "https://h5p.org/h5p/embed/712": "https://h5p.org/h5p/embed/712",
    "https://uni.h5p.com/content/1290": "https://uni.h5p.com/content/1290/embed",
    "https://www.geogebra.org/m/rgZVk8bJ": "https://www.geogebra.org/material/iframe/id/rgZVk8bJ",
    "https://phet.colorado.edu/sims/html/build-an-atom/latest/build-an-atom_fi.html": "https://phet"
    ".colorado.edu/sims/html/build-an-atom/latest/build-an-atom_fi.html",
    "https://archive.org/details/a_film.1968": "https://archive.org/embed/a_film.1968",
    "https://av.tib.eu/media/10234": "https://av.tib.eu/player/10234",
    "https://soundcloud.com/a-user/a-track": "https://w.soundcloud.com/player/"
    "?url=https%3A//soundcloud.com/a-user/a-track",
    "https://sketchfab.com/3d-models/a-b-34dfb04af48747de92ff1add099dda4e": "https://sketchfab.com"
    "/models/34dfb04af48747de92ff1add099dda4e/embed",
    f"http://tube.example.org/videos/watch/{UUID}": f"https://tube.example.org/videos/embed/{UUID}",
    "https://tube.example.org/w/5VdCmYwcBjYVgzS7vHJpTu": "https://tube.example.org/videos/embed"
    "/5VdCmYwcBjYVgzS7vHJpTu",
}


@pytest.mark.parametrize(("url", "frame"), FRAMES.items())
def test_a_known_player_has_a_frame(url, frame):
    assert frame_of(url).url == frame


def test_every_player_of_the_table_is_tried_here():
    assert {frame_of(url).player for url in FRAMES} == set(PLAYERS)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/?u=https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.example/https://youtu.be/dQw4w9WgXcQ",
        "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "javascript://youtu.be/dQw4w9WgXcQ",
        "//youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXc",
        "https://youtu.be/dQw4w9WgXcQQ",
        "https://youtu.be/dQw4w9W%22cQ",
        'https://youtu.be/dQw4w9W"gXcQ',
        "https://youtu.be/dQw4w9WgXcQ\n",
        "https://www.youtube.com/watch?x=dQw4w9WgXcQ",
        "https://www.youtube.com/embed/videoseries",
        "https://www.youtube.com/@channel",
        "https://vimeo.com/channels/staffpicks",
        "https://vimeo.com/٣٤٥",
        "https://commons.wikimedia.org/wiki/File:Bee.pdf",
        "https://commons.wikimedia.org/wiki/File:../x.webm",
        "https://h5p.com/content/1",
        "https://a.b.h5p.com.evil.example/content/1",
        "https://www.geogebra.org/m/a/b",
        "https://phet.colorado.edu/sims/html/one/latest/two_fi.html",
        "https://soundcloud.com/search/sounds",
        "https://soundcloud.com/a-user/sets",
        "https://tube.example.org/w/notebase58",
        f"https://localhost/videos/watch/{UUID}",
        f"https://10.0.0.1/videos/watch/{UUID}",
        f"https://a;b.example/videos/watch/{UUID}",
        "https://youtu.be/dQw4w9WgXcQ?" + "a" * 1000,
        "",
    ],
)
def test_what_is_no_exact_address_of_a_player_gets_no_frame(url):
    assert frame_of(url) is None


@pytest.mark.parametrize(
    ("url", "media_type", "kind"),
    [
        ("https://f.example/a", "image/png", "image"),
        ("https://f.example/a.SVG", None, "image"),
        ("https://f.example/a", "image/svg+xml", "image"),
        ("https://f.example/a.mp3?x=1", None, "audio"),
        ("https://f.example/a", "audio/ogg", "audio"),
        ("https://f.example/a.webm#t=3", None, "video"),
        ("https://f.example/a", "video/mp4", "video"),
        ("https://f.example:8443/a.pdf", None, "pdf"),
        ("https://f.example/a", "application/pdf", "pdf"),
        ("https://f.example/a.pdf", "application/octet-stream", "pdf"),
        ("https://f.example/a.pdf", "text/html", None),
        ("https://f.example/a.html", None, None),
        ("https://f.example/a.docx", None, None),
        ("https://f.example/pdf", None, None),
        ("https://f.example/", None, None),
        ("https://f.example/a", "video/x-msvideo", None),
        ("http://f.example/a.pdf", None, None),
        ("https://10.0.0.1/a.pdf", None, None),
        ("https://8.8.8.8/a.pdf", None, None),
        ("https://[2001:db8::1]/a.pdf", None, None),
        ("https://localhost/a.pdf", None, None),
        ("https://files.internal/a.pdf", None, None),
        ("https://u:p@f.example/a.pdf", None, None),
        ("ftp://f.example/a.pdf", None, None),
        ("javascript:alert(1)//a.pdf", None, None),
        ("https://f.example;script-src *.example/a.pdf", None, None),
        ("https://f.example, x/a.pdf", None, None),
        (None, "application/pdf", None),
    ],
)  # fmt: skip
def test_only_what_browsers_show_from_a_named_public_host_can_be_seen(url, media_type, kind):
    found = preview.of(Material(url, media_type=media_type))
    assert (found and found.kind) == kind


def test_a_player_comes_before_the_file():
    found = preview.of(Material("https://f.example/a.mp4", embed_url=YOUTUBE))
    assert (found.kind, found.url, found.page) == ("player", NOCOOKIE, YOUTUBE)


def test_an_unknown_player_is_not_framed_and_the_file_is_shown():
    found = preview.of(Material("https://f.example/a.mp4", embed_url="https://play.example/e/1"))
    assert (found.kind, found.host) == ("video", "f.example")


@pytest.fixture
def look(client, catalogue):
    """The answer that shows a material, and its parsed page."""
    from lxml import html

    def looked(material, number=1, **columns):
        address = catalogue.add(metadata(materials=(material,)), **columns)
        response = client.get(f"/en/r/{address}/preview/{number}")
        return response, html.document_fromstring(response.text)

    return looked


POLICIES = {
    "https://f.example/a.png": ("//figure/img", "img-src 'self' https://f.example"),
    "https://f.example:8443/a.mp3": ("//figure/audio", "media-src https://f.example:8443"),
    "https://f.example/a.mp4": ("//figure/video", "media-src https://f.example"),
    "https://f.example/a.pdf": ("//figure/iframe", "frame-src https://f.example"),
    YOUTUBE: ("//figure/iframe", "frame-src https://www.youtube-nocookie.com"),
}


@pytest.mark.parametrize(("url", "element", "directive"), [(u, *p) for u, p in POLICIES.items()])
def test_the_page_lets_in_one_host_for_one_kind(look, client, url, element, directive):
    response, page = look(Material(url))
    assert len(page.xpath(element)) == len(page.xpath("//img|//audio|//video|//iframe")) == 1
    usual = dict(parts(client.get("/en/").headers["Content-Security-Policy"]))
    here = dict(parts(response.headers["Content-Security-Policy"]))
    name, sources = directive.split(" ", 1)
    assert here == usual | {name: sources}
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_page_says_whose_server_is_asked_and_leads_there(look):
    _, page = look(Material("https://www.f.example/a.mp3", (LangString("Laulu", "fi"),)))
    text = " ".join(page.find(".//main").text_content().split())
    assert "Your browser loads this from f.example, so they learn your network address." in text
    assert page.xpath("//article//a[contains(@rel, 'external')]/@href") == [
        "https://www.f.example/a.mp3"
    ]
    assert page.find(".//h1").text == "Laulu"
    assert page.find(".//h1").get("lang") == "fi"
    assert page.find(".//audio").get("aria-label") == "Laulu"


def test_a_player_is_caged_and_told_no_more_than_it_needs(look):
    _, page = look(Material(YOUTUBE, (LangString("Filmi", "fi"),)))
    frame = page.find(".//iframe")
    assert frame.get("src") == NOCOOKIE
    assert frame.get("title") == "YouTube: Filmi"
    assert frame.get("referrerpolicy") == "strict-origin"
    assert not {"allow-top-navigation", "allow-modals", "allow-downloads"} & set(
        frame.get("sandbox").split()
    )
    assert "the player of YouTube" in page.text_content()
    _, other = look(Material("https://h5p.org/h5p/embed/712"))
    assert other.find(".//iframe").get("referrerpolicy") == "no-referrer"


def test_a_player_on_another_host_than_the_link_is_named_before_the_click(page, catalogue):
    found = page(f"/en/r/{catalogue.add(metadata(materials=(Material(YOUTUBE),)))}")
    assert "loads from youtube-nocookie.com" in found.find(".//p[@class='play']").text_content()


def test_captions_are_links(look):
    given = (
        Caption("https://f.example/fi.vtt", "fi"),
        Caption("https://f.example/x.vtt", label="Käsikirjoitus"),
        Caption("https://f.example/y.vtt"),
        Caption("javascript:alert(1)", "sv"),
    )
    _, page = look(Material("https://f.example/a.mp4", captions=given))
    links = page.findall(".//section[@aria-labelledby='captions']//a")
    assert [(a.text, a.get("href")) for a in links] == [
        ("Finnish", "https://f.example/fi.vtt"),
        ("Käsikirjoitus", "https://f.example/x.vtt"),
        ("f.example", "https://f.example/y.vtt"),
    ]
    assert not page.findall(".//track")


def test_a_landing_page_that_is_a_film_is_shown_as_number_nought(client, catalogue, page):
    address = catalogue.add(metadata(landing_page=YOUTUBE))
    link = page(f"/en/r/{address}").find(".//aside/p[@class='play']/a")
    assert link.get("href") == f"/en/r/{address}/preview/0"
    assert NOCOOKIE in client.get(link.get("href")).text


@pytest.mark.parametrize("number", ["0", "2", "3", "99999999999999999999", "-1", "x"])
def test_there_is_nothing_to_see_elsewhere(client, catalogue, number):
    materials = (Material("https://f.example/a.pdf"), Material("https://f.example/a.docx"))
    address = catalogue.add(metadata(materials=materials))
    assert client.get(f"/en/r/{address}/preview/1").status_code == 200
    assert client.get(f"/en/r/{address}/preview/{number}").status_code == 404
    assert client.get(f"/en/r/nothing/preview/{number}").status_code == 404


def test_our_own_pages_are_never_framed(client, catalogue):
    address = catalogue.add(metadata(materials=(Material("https://oer.example/a.pdf"),)))
    path = f"/en/r/{address}/preview/1"

    def answer(host):
        offered = path in client.get(f"/en/r/{address}", base_url=f"https://{host}/").text
        return client.get(path, base_url=f"https://{host}/").status_code, offered

    assert answer("other.example") == (200, True)
    for host in ("oer.example", "OER.example", "oer.example.", "oer.example:8443"):
        assert answer(host) == (404, False)


def test_our_own_host_is_known_by_every_name(settings, catalogue):
    settings = replace(settings, base_url="https://oer.example")
    client = create_app(settings, sessions=catalogue.sessions, index=catalogue.index).test_client()
    address = catalogue.add(metadata(materials=(Material("https://oer.example/a.pdf"),)))
    assert client.get(f"/en/r/{address}/preview/1").status_code == 404


@pytest.mark.parametrize(("status", "code"), [(WITHDRAWN, 302), (MERGED, 302), (IN_REVIEW, 404)])
def test_only_what_is_published_is_shown(look, status, code):
    response, _ = look(Material("https://f.example/a.pdf"), status=status)
    assert response.status_code == code
    if code == 302:
        assert response.headers["Location"] == "/en/r/r0001"


def test_the_resources_own_page_asks_nobody_and_names_whom_the_link_asks(page, catalogue):
    materials = (
        Material("https://f.example/a.pdf"),
        Material("https://f.example/a.docx"),
        Material("https://f.example/a.mp3"),
        Material("https://www.geogebra.org/m/rgZVk8bJ"),
    )
    address = catalogue.add(metadata(materials=materials))
    found = page(f"/en/r/{address}")
    links = found.xpath("//ul[@class='files']//p[@class='play']/a")
    assert [(" ".join(a.text_content().split()), a.get("href")) for a in links] == [
        ("Look at it here", f"/en/r/{address}/preview/1"),
        ("Play it here", f"/en/r/{address}/preview/3"),
        ("Try it here", f"/en/r/{address}/preview/4"),
    ]
    assert "loads from" not in found.find(".//ul[@class='files']").text_content()
    loaded = found.xpath("//img/@src|//iframe/@src|//video/@src|//audio/@src|//script/@src")
    assert all(address.startswith("/") for address in loaded)


def parts(policy):
    return [part.strip().split(" ", 1) for part in policy.split(";")]
