"""What stands in other people's pages fits into the frame that is offered for it."""

import pytest
from sqlalchemy import select

from oer import database
from oer.models import Resource
from oer.models.resource import PUBLISHED
from oer.web import embeds

pytestmark = pytest.mark.xdist_group("browser")

NEEDED = """() => {
  const page = document.documentElement;
  return [page.scrollWidth, page.scrollHeight];
}"""

SIZES = (embeds.CARD, (320, 300), (300, 250), embeds.SMALLEST)


def test_the_card_of_every_material_fits_its_frame(reader, site):
    someone = reader("fi")
    sessions = database.connect(site.settings.database_url)
    with sessions() as session:
        addresses = session.scalars(select(Resource.address).where(Resource.status == PUBLISHED))
        addresses = addresses.all()
    sessions.kw["bind"].dispose()
    assert len(addresses) > 80
    too_large = [
        (address, size, needed)
        for address in addresses
        for size, needed in needs(someone, f"/embed/{address}", SIZES)
        if needed[0] > size[0] or needed[1] > size[1]
    ]
    assert too_large == []


@pytest.mark.parametrize("ui", ["fi", "sv", "en"])
def test_the_search_box_fits_its_frame(reader, ui):
    [(size, needed)] = needs(reader(ui), "/embed/search", [embeds.SEARCH_BOX])
    assert tuple(needed) == size


def needs(someone, path, sizes):
    """The width and the height that a page takes in frames of these sizes."""
    page = someone.goes_to(path)
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        yield (width, height), page.evaluate(NEEDED)
