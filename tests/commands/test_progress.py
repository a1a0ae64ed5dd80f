"""The bar for long work shows on a terminal, and nowhere else."""

import sys

import click
import pytest

from oer.commands.progress import in_all, progress_bar


@pytest.mark.parametrize(
    ("terminal", "quiet", "shown"), [(True, False, 1), (True, True, 0), (False, False, 0)]
)
def test_a_bar_is_for_terminals(monkeypatch, terminal, quiet, shown):
    bars = []

    class Bar:
        def __enter__(self):
            bars.append(self)
            return self

        def __exit__(self, *_):
            pass

        def update(self, more):
            pass

    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(click, "progressbar", lambda **_: Bar())
    with progress_bar("Indexing", 3, quiet=quiet) as report:
        report(3)
    assert len(bars) == shown


def test_a_bar_is_told_how_much_more_where_others_say_how_much_in_all():
    more = []
    progress = in_all(more.append)
    for now in (2, 5, 5, 9):
        progress(now)
    assert more == [2, 3, 0, 4]
