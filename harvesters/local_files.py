"""Files of this machine that sources are made of: read under a limit, and only if they are files.

What a newcomer would get wrong: a named pipe or a device has a name in a folder too, and reading
one may never end.
"""

import stat
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from harvesters.http import HttpClient
from oer.errors import HarvestError

MIB = 1024 * 1024


def local_path(address: str) -> Path | None:
    """The path that a ``file:`` URL stands for; None for an address of the web."""
    parts = urlsplit(address)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def open_address(address: str, http: HttpClient, *, accept: str, most: int) -> BinaryIO:
    """What stands at an address, a file or a web page, to be read from its beginning.

    Raises:
        HarvestError: It cannot be had, or is longer than ``most`` bytes.
    """
    path = local_path(address)
    if path is None:
        return BytesIO(http.get(address, accept=accept, accept_errors=False).body)
    return open_file(path, most=most)


def open_file(path: Path, *, most: int) -> BinaryIO:
    """A file, opened.

    Raises:
        HarvestError: It is missing, no regular file, may not be read, or is too long.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise HarvestError(f"{path} is no file.")
        if found.st_size > most:
            raise HarvestError(
                f"{path} is {found.st_size // MIB} MiB long; {most // MIB} are allowed."
            )
        return path.open("rb")
    except OSError as error:
        raise HarvestError(f"{path} cannot be read: {error.strerror}.") from None


def read_file(path: Path, *, most: int) -> bytes:
    """The bytes of a file; raises as :func:`open_file` does."""
    with closing(open_file(path, most=most)) as file:
        return file.read(most)
