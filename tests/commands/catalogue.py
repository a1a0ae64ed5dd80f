"""A small catalogue behind the command line, in a folder of its own."""

import json

from click.testing import CliRunner

from oer.commands.context import Oer
from oer.errors import OerError
from oer.search.sync import drain
from tests.services.providers import Provider


class Console:
    """Runs a command as ``cli.py`` would: an ``OerError`` is a sentence and an exit code."""

    def __init__(self, sessions, index, now):
        self.oer = Oer()
        self.oer.__dict__ |= {"sessions": sessions, "index": index}
        self.now = now

    def provider(self, slug="metsala", **options):
        """A source that sends records."""
        return Provider(self.oer.sessions, self.now, slug, **options)

    def drain(self):
        """Let searches find what was sent."""
        drain(self.oer.sessions, self.oer.index)

    def run(self, command, *arguments, code=0, input=None):
        """What the command says, after checking how it ended."""
        done = CliRunner().invoke(command, arguments, obj=self.oer, input=input)
        said = done.output
        ended = done.exit_code
        if isinstance(done.exception, OerError):
            said, ended = said + str(done.exception), done.exception.exit_code
        elif done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert ended == code, said
        return said

    def json(self, command, *arguments, code=0, input=None):
        """The one JSON object that the command gives."""
        done = CliRunner().invoke(command, [*arguments, "--json"], obj=self.oer, input=input)
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)
