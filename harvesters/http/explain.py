"""What sockets, TLS, HTTP and zlib raise, told as one of our failures: final, or worth a try."""

from __future__ import annotations

import ssl
from http.client import HTTPException

from urllib3.exceptions import HTTPError, ReadTimeoutError, SSLError

from harvesters.http.body import Undecodable
from harvesters.http.failures import Again, Broken, Failure, TooSlow, Unreachable, UntrustedTls
from harvesters.http.targets import Target
from harvesters.http.wire import Lane

# ValueError: http.client lets it pass for some malformed headers.
EXPLAINED = (Unreachable, Undecodable, HTTPError, HTTPException, OSError, ValueError)


def explained(problem: Exception, here: Target, lane: Lane) -> Failure | Again:
    """Why a request failed.  Notes on the lane what the next request should do differently."""
    if isinstance(problem, Unreachable):
        lane.addresses = ()  # it may have moved: look it up again
        return Again(problem, lane.host) if lane.answered else problem
    if isinstance(problem, Undecodable):
        return _undecodable(problem, here, lane)
    if isinstance(problem, SSLError | ssl.SSLError):
        return _untrusted(problem, here, lane)
    if isinstance(problem, ReadTimeoutError | TimeoutError):
        return _silent(here, lane)
    # A library's message may quote the server or the address; the name of its class does not.
    why = type(_cause(problem)).__name__
    return Again(Broken(f"{here} broke the answer off ({why}); try again later."), lane.host)


def _undecodable(problem: Undecodable, here: Target, lane: Lane) -> Failure | Again:
    failure = Broken(f"{here} sent a damaged compressed body ({problem}); tell the repository.")
    if lane.plain:
        return failure
    lane.plain = True
    return Again(failure, lane.host, wait=0.0)


def _untrusted(problem: Exception, here: Target, lane: Lane) -> Failure | Again:
    cause = _cause(problem)
    why = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or str(cause)
    failure = UntrustedTls(
        f"{here} failed the TLS check ({why}); "
        "ask the repository to repair it, or name the CA file to trust."
    )
    if lane.answered and not isinstance(cause, ssl.SSLCertVerificationError):
        return Again(failure, lane.host)
    return failure


def _silent(here: Target, lane: Lane) -> Failure | Again:
    if lane.pace and lane.pace.on_the_last_stretch:
        return lane.pace.overdue()
    return Again(TooSlow(f"{here} fell silent; try again later."), lane.host)


def _cause(problem: Exception) -> Exception:
    inner = problem.args[-1] if problem.args else None
    return inner if isinstance(inner, Exception) else problem
