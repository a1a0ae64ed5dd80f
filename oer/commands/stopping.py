"""Stopping at once: a worker of gunicorn ends as soon as it answers nobody.

By itself it waits for every open connection, and browsers and proxies keep theirs open.
"""

import os
import signal
from types import FrameType
from typing import Any

GRACE_SECONDS = 0.5
"""How long a stopping worker waits for requests that are on their way."""

LOOK_SECONDS = 0.1


class Answering:
    """The requests that this worker is answering, told by gunicorn's hooks."""

    def __init__(self) -> None:
        self._requests: set[int] = set()

    def hooks(self) -> dict[str, Any]:
        """Gunicorn's settings of the same names."""
        return {
            "post_worker_init": self.watch,
            "pre_request": self.begin,
            "post_request": self.end,
        }

    def begin(self, worker: Any, request: Any) -> None:
        """Note a request."""
        self._requests.add(id(request))

    def end(self, worker: Any, request: Any, environ: Any, response: Any) -> None:
        """Forget it: the whole answer was sent, or nobody wants it any more."""
        self._requests.discard(id(request))

    def watch(self, worker: Any) -> None:
        """After SIGTERM, look again and again whether the worker may end."""

        def stop(number: int, frame: FrameType | None) -> None:
            worker.handle_exit(number, frame)
            signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS, LOOK_SECONDS)

        for number, handler in ((signal.SIGTERM, stop), (signal.SIGALRM, self._end_if_idle)):
            signal.signal(number, handler)
            # As gunicorn has it: what is being answered is not to be disturbed.
            signal.siginterrupt(number, False)

    def _end_if_idle(self, number: int, frame: FrameType | None) -> None:
        if not self._requests:
            os._exit(0)
