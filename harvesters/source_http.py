"""The HTTP client of a source: with its pace, its credentials and its permission."""

import os
from collections.abc import Mapping

from harvesters.http import HttpClient
from oer.errors import UsageError
from oer.models import Source


def client_for(
    source: Source, *, contact: str, environ: Mapping[str, str] | None = None
) -> HttpClient:
    """The client to visit ``source`` with.

    Raises:
        UsageError: The environment variable with its headers is missing or malformed.
    """
    return HttpClient(
        contact=contact,
        internal=source.internal,
        delay_seconds=source.delay_seconds,
        headers=_headers(source, os.environ if environ is None else environ),
        home="" if source.base_url.startswith("file:") else source.base_url,
        ca_file=source.ca_file,
    )


def _headers(source: Source, environ: Mapping[str, str]) -> dict[str, str]:
    """The headers in the source's environment variable, a line each: ``Name: value``."""
    if not source.headers_variable:
        return {}
    lines = environ.get(source.headers_variable, "").splitlines()
    pairs = [line.partition(":") for line in lines if line.strip()]
    # Never show what stands in it: it is a secret.
    if not pairs or not all(name.strip() and colon for name, colon, _ in pairs):
        raise UsageError(
            f"The environment variable {source.headers_variable} of the source '{source.slug}' "
            "must hold request headers, a line each, such as 'Authorization: Bearer …'."
        )
    return {name.strip(): value.strip() for name, _, value in pairs}
