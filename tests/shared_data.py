"""Where the real records lie that tests may read but the repository never holds."""

import os
from pathlib import Path

import pytest


def shared_data(*parts: str) -> Path:
    """The path below the shared data folder; skips the test where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("OER_SHARED_DATA", default)).joinpath(*parts)
    if not path.exists():
        pytest.skip(
            f"real records are not on this machine: {path} (OER_SHARED_DATA names their folder)"
        )
    return path
