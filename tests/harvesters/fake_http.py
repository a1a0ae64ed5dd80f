"""The transport without a network, and a harvest over it."""

from harvesters.http import Reply
from oer.errors import TransportError

NO_ANSWER = TransportError("no answer")


class FakeHttp:
    """The transport, without a network: answers from a Replay; may break off at a token."""

    plain_hosts = frozenset()

    def ask_plainly(self, hosts):
        pass

    def __init__(self, replay, breaks_at=(), breaks_with=NO_ANSWER):
        self.replay, self.breaks_at, self.breaks_with = replay, breaks_at, breaks_with

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def get(self, url, params=(), **options):
        asked = dict(params)
        if asked.get("resumptionToken") in self.breaks_at:
            raise self.breaks_with
        body = self.replay.answer(asked)
        return Reply(url=url, status=200, headers={}, body=body, redirects=(), tries=1, notes=())
