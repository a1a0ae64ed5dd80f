"""A real browser in front of a real catalogue.

Both are started once and shared; every reader gets a window of their own, without history. All
these tests run in one process, one after another (``xdist_group``): a second browser would only
take the time from the first.
"""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.reader import Reader
from tests.browser.site import serving

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "No Chromium on this machine. On Debian: apt-get install chromium"


@pytest.fixture(scope="package")
def chromium():
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI") or os.environ.get("OER_TEST_BROWSER") == "required":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("catalogue")) as site:
        yield site


@pytest.fixture
def reader(chromium, site):
    """Make readers. Each must have met no error and asked nobody but us when the test ends."""
    made = []

    def reader(ui="en", **options):
        made.append(Reader(chromium, site, ui, **options))
        return made[-1]

    yield reader
    for each in made:
        each.leaves()
