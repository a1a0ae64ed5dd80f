"""Players on other sites whose frames we know: the address of a work in, that of its frame out.

A row of :data:`PLAYERS` is all that a player needs. Addresses are compared whole, with the letters
an id may have, and the frame's address is written from those ids alone: nothing that came with a
record gets into a frame as it came. What is in no row is never framed.

Left out: Kaltura and Panopto (their addresses differ at every customer and mostly ask for a
password), Yle Areena (offers no frame), LearningApps and Genially (no frame without their scripts
on the page, or no address that tells the id).
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_BASE58 = r"[1-9A-HJ-NP-Za-km-z]{22}"
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}"
_MORE = r"(?:[?#].*)?"
"""What may follow an id and is not handed on: start times, lists, tracking."""


@dataclass(frozen=True)
class Player:
    """A player of another site.

    Args:
        name: As readers know it.
        pattern: The whole address of a work, ``http`` or ``https`` before it; named groups are ids.
        frame: The address of its frame, made of those groups.
        knows_us: Whether it refuses to play without being told which site shows it. It is told
            that site and never the page.
        tall: Whether its frame is taller than that of a film.
    """

    name: str
    pattern: str
    frame: str
    knows_us: bool = False
    tall: bool = False


@dataclass(frozen=True)
class Frame:
    """A frame that may be shown: the player, and the frame's address."""

    player: Player
    url: str


PLAYERS = (
    # https://support.google.com/youtube/answer/171780 (privacy-enhanced mode); the host that shows
    # it: https://developers.google.com/youtube/terms/required-minimum-functionality
    Player(
        "YouTube",
        r"(?:www\.|m\.)?youtube\.com/watch\?(?:[^#]*&)?v=(?P<id>[\w-]{11})(?:[&#].*)?",
        "https://www.youtube-nocookie.com/embed/{id}",
        knows_us=True,
    ),
    Player(
        "YouTube",
        rf"(?:youtu\.be/|(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:embed|shorts|live)/)"
        rf"(?!videoseries)(?P<id>[\w-]{{11}}){_MORE}",
        "https://www.youtube-nocookie.com/embed/{id}",
        knows_us=True,
    ),
    # https://developer.vimeo.com/player/sdk/embed (dnt: no tracking; h: key of an unlisted film)
    Player(
        "Vimeo",
        r"(?:(?:www\.)?vimeo\.com/|player\.vimeo\.com/video/)(?P<id>\d{1,12})"
        r"(?:\?(?!(?:[^#]*&)?h=)[^#]*)?(?:#.*)?",
        "https://player.vimeo.com/video/{id}?dnt=1",
        knows_us=True,
    ),
    Player(
        "Vimeo",
        rf"(?:www\.)?vimeo\.com/(?P<id>\d{{1,12}})/(?P<key>[0-9a-f]{{6,20}}){_MORE}",
        "https://player.vimeo.com/video/{id}?h={key}&dnt=1",
        knows_us=True,
    ),
    Player(
        "Vimeo",
        r"player\.vimeo\.com/video/(?P<id>\d{1,12})\?(?:[^#]*&)?h=(?P<key>[0-9a-f]{6,20})(?:[&#].*)?",
        "https://player.vimeo.com/video/{id}?h={key}&dnt=1",
        knows_us=True,
    ),
    # https://www.mediawiki.org/wiki/Extension:TimedMediaHandler ("embedplayer")
    Player(
        "Wikimedia Commons",
        r"commons\.(?:m\.)?wikimedia\.org/wiki/File:"
        r"(?P<id>[^?#/\\\s\"'<>]{1,240}\.(?:webm|ogv|ogg|oga|opus|mp3|wav|flac|mpg|mpeg))(?:[?#].*)?",
        "https://commons.wikimedia.org/wiki/File:{id}?embedplayer=yes",
    ),
    Player(
        "H5P",
        rf"(?:www\.)?h5p\.org/h5p/embed/(?P<id>\d{{1,10}}){_MORE}",
        "https://h5p.org/h5p/embed/{id}",
        tall=True,
    ),
    Player(
        "H5P",
        rf"(?P<site>[a-z0-9][a-z0-9-]{{0,62}})\.h5p\.com/content/(?P<id>\d{{1,20}})(?:/embed)?/?{_MORE}",
        "https://{site}.h5p.com/content/{id}/embed",
        tall=True,
    ),
    # https://wiki.geogebra.org/en/Embedding_in_Webpages
    Player(
        "GeoGebra",
        r"(?:www\.|tube\.)?(?:geogebra\.org|ggbtu\.be)/"
        rf"(?:m|material/show/id|material/iframe/id)/(?P<id>[A-Za-z0-9]{{2,12}})/?{_MORE}",
        "https://www.geogebra.org/material/iframe/id/{id}",
        tall=True,
    ),
    Player(
        "PhET",
        r"phet\.colorado\.edu/sims/html/(?P<id>[a-z0-9-]{2,80})/(?:latest|[\d.]{3,12})/"
        rf"(?P=id)_(?P<language>[a-z]{{2,3}}(?:_[A-Z]{{2}})?)\.html{_MORE}",
        "https://phet.colorado.edu/sims/html/{id}/latest/{id}_{language}.html",
        tall=True,
    ),
    # https://archive.org/help/audio.php
    Player(
        "Internet Archive",
        rf"(?:www\.)?archive\.org/(?:details|embed)/(?P<id>[A-Za-z0-9][\w.-]{{2,99}})/?{_MORE}",
        "https://archive.org/embed/{id}",
    ),
    Player(
        "TIB AV-Portal",
        rf"av\.tib\.eu/(?:media|player)/(?P<id>\d{{1,8}}){_MORE}",
        "https://av.tib.eu/player/{id}",
    ),
    # https://developers.soundcloud.com/docs/api/html5-widget
    Player(
        "SoundCloud",
        r"(?:www\.|m\.)?soundcloud\.com/"
        r"(?P<user>(?!(?:charts|discover|pages|search|settings|stations|stream|tags|you)/)[\w-]{2,60})/"
        r"(?P<id>(?!(?:albums|followers|following|likes|popular-tracks|reposts|sets|tracks)\b)"
        rf"[\w-]{{1,120}}){_MORE}",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{user}/{id}",
    ),
    Player(
        "Sketchfab",
        rf"(?:www\.)?sketchfab\.com/(?:models/|3d-models/[\w-]{{1,200}}-)(?P<id>[0-9a-f]{{32}})"
        rf"(?:/embed)?{_MORE}",
        "https://sketchfab.com/models/{id}/embed",
    ),
    # https://docs.joinpeertube.org: many sites, one shape of address
    Player(
        "PeerTube",
        rf"(?P<host>{_HOST})/(?:videos/(?:embed|watch)/(?P<id>{_UUID}|{_BASE58})){_MORE}",
        "https://{host}/videos/embed/{id}",
    ),
    Player(
        "PeerTube",
        rf"(?P<host>{_HOST})/w/(?P<id>{_BASE58}){_MORE}",
        "https://{host}/videos/embed/{id}",
    ),
)
"""One player may have several rows. The first that fits counts."""

_COMPILED = tuple((re.compile(rf"https?://{p.pattern}", re.ASCII), p) for p in PLAYERS)

LONGEST = 1000
"""Characters of an address; no player writes a longer one."""


def frame_of(url: str) -> Frame | None:
    """The frame that shows the work at an address; None where we know no player for it."""
    if len(url) > LONGEST or not url.isascii():
        return None
    for pattern, player in _COMPILED:
        if match := pattern.fullmatch(url):
            ids = {name: quote(value, safe="%") for name, value in match.groupdict().items()}
            return Frame(player, player.frame.format(**ids))
    return None
