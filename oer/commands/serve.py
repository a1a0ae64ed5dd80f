"""``oer serve``: the catalogue for browsers, by gunicorn."""

import gc
import os
from typing import Any

import click

from oer.commands.context import Oer
from oer.commands.stopping import Answering

MADE_BEFORE_COLLECTING = 50_000
"""Objects. A page leaves some 2500 behind, half of them garbage; by itself Python looks at 700."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.pass_obj
def serve(oer: Oer, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the catalogue to browsers until interrupted.

    \b
    Example:  oer serve --port 8000
    """
    serve_catalogue(oer, host=host, port=port, workers=workers, threads=threads)


def serve_catalogue(oer: Oer, *, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until interrupted."""
    _open_once(oer)
    click.echo(f"The catalogue is at http://{_in_url(host)}:{port}/ (stop with Ctrl+C)", err=True)
    options = {
        "bind": f"{_in_url(host)}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "loglevel": "warning",
        # Newer versions open a socket to be steered by, which nobody here uses.
        "control_socket_disable": True,
        **Answering().hooks(),
    }
    _run(oer, options)


def _open_once(oer: Oer) -> None:
    """Let a database or index that cannot be used say so here, not in every worker."""
    oer.sessions.kw["bind"].dispose()
    oer.index.close()


def _collect_rarely() -> None:
    """What the program is made of stays; what pages are made of is gone with its last user.

    So there is next to nothing for the garbage collector, and it would look every few milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_COLLECTING)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _run(oer: Oer, options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc] # gunicorn has no types
        """Gunicorn with our options only: no configuration file, no arguments of its own."""

        def load_config(self) -> None:
            known = self.cfg.settings
            for name in options.keys() & known.keys():
                self.cfg.set(name, options[name])

        def load(self) -> Any:
            """Make the app in the worker: connections do not survive a fork."""
            if oer.create_app is None:
                raise TypeError("The command line was put together without a web application.")
            app = oer.create_app(oer.settings)
            _collect_rarely()
            return app

    started = os.getpid()
    try:
        Application().run()
    except SystemExit as ended:
        if os.getpid() != started and isinstance(ended.code, int):
            # A worker ends here: what its parent set up is its parent's to take down.
            os._exit(ended.code)
        raise
