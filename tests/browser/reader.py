"""A reader in front of a browser, and a list of everything that went wrong before their eyes."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
)

from oer.web import languages
from tests.browser.site import Site

PATIENCE = 20_000
"""In milliseconds: how long the browser waits for what does not come."""

OWN_SCHEMES = {"blob", "data", "file"}
"""A file that was taken along is read from the disk."""


@dataclass
class Watch:
    """What must not happen: requests to anybody else, errors, anything the policy forbids."""

    site: Site
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)
    """Addresses of pages that answered with an error, as their test expects."""

    let_in: str = ""
    """The one address elsewhere that a page may ask."""

    asked: list[str] = field(default_factory=list)
    """What was asked there."""

    def over(self, context: BrowserContext) -> None:
        """Begin to watch everything a context does."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        ours = f"{parts.scheme}://{parts.netloc}" == self.site.url
        if self.let_in and request.url == self.let_in:
            self.asked.append(request.url)
        elif not ours and parts.scheme not in OWN_SCHEMES:
            self.strangers.append(request.url)

    def _response(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.request.is_navigation_request():
            self.refusals.add(response.url)
        else:
            self.errors.append(f"{response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes such a line for every page that is not there.
        expected = message.location.get("url") in self.refusals and "status of" in message.text
        if message.type in ("error", "warning") and not expected:
            self.errors.append(message.text)

    def verdict(self) -> None:
        """Fail where something happened that must not."""
        assert not self.strangers, f"Others were asked: {self.strangers}"
        assert not self.errors, f"The browser complained: {self.errors}"


class Reader:
    """One window with a history of its own.

    Args:
        ui: Language of the pages they ask for.
        options: Of the browser context, as Playwright names them.
    """

    def __init__(self, browser: Browser, site: Site, ui: str = "en", **options: Any) -> None:
        self.site, self.ui = site, ui
        self.context = browser.new_context(
            base_url=site.url, locale={"en": "en-GB"}.get(ui, f"{ui}-FI"), **options
        )
        self.context.set_default_timeout(PATIENCE)
        self.watch = Watch(site)
        self.watch.over(self.context)
        self.page: Page = self.context.new_page()
        self.has_touch = bool(options.get("has_touch"))

    def _(self, message: str, **values: object) -> str:
        """What the interface says, in the reader's language."""
        said = languages.catalogue(self.ui).gettext(message)
        return said % values if values else said

    def goes_to(self, path: str, status: int = 200) -> Page:
        """Open a page of ours; ``path`` comes after the language."""
        answer = self.page.goto(f"/{self.ui}{path}")
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def link(self, message: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self._(message, **values))

    def button(self, message: str) -> Locator:
        return self.page.get_by_role("button", name=self._(message))

    def field(self, message: str) -> Locator:
        return self.page.get_by_label(self._(message), exact=True)

    @property
    def search_field(self) -> Locator:
        """A search field, or a combo box where a script makes it one."""
        return self.page.locator("input[name=q]")

    def presses(self, target: Locator) -> None:
        """With a finger, where the device is pressed with one."""
        if self.has_touch:
            target.tap()
        else:
            target.click()

    def searches(self, text: str) -> None:
        """Type into the search field and press Enter."""
        self.search_field.fill(text)
        self.search_field.press("Enter")
        self.page.wait_for_url("**/search?**")

    def chooses(self, label: str) -> None:
        """Tick a filter, after unfolding whatever it lies in."""
        # The number of materials follows; "Finnish" is not "Finnish as a second language".
        named = re.compile(rf"^{re.escape(label)}[\s\d]*$")
        choice = self.page.get_by_role("checkbox", name=named, include_hidden=True).first
        folds = choice.locator("xpath=ancestor::details[not(@open)]/summary").filter(visible=True)
        while folds.count():
            folds.first.click()
        self.presses(choice)

    def has_chosen(self, label: str) -> Locator:
        """The chip of a chosen filter."""
        chip = self.page.locator(".chips a").filter(has_text=label)
        chip.wait_for()
        return chip

    def lets_in(self, url: str, body: str, media_type: str) -> None:
        """Let pages ask for one thing elsewhere, and answer for whoever is there."""
        self.watch.let_in = url
        self.context.route(
            url, lambda route: route.fulfill(body=body, content_type=media_type, status=200)
        )

    def leaves(self) -> None:
        """Close the window; fails where anything had gone wrong in it."""
        try:
            self.context.close()
        except Error as error:  # The browser has gone: nothing more can be said.
            raise AssertionError(str(error)) from error
        self.watch.verdict()
