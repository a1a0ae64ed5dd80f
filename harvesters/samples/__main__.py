"""Serve a sample repository for trying by hand: ``python -m harvesters.samples metsola``."""

import argparse
import sys
from threading import Event

from harvesters.samples import PROVIDERS, SampleProvider
from oer.errors import OerError


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m harvesters.samples", description=__doc__)
    parser.add_argument("name", choices=sorted(PROVIDERS))
    parser.add_argument("--port", type=int, help="default: 8711 for metsola, 8712 for skargard")
    parser.add_argument("--fresh", type=int, default=0, help="records that look edited just now")
    options = parser.parse_args(arguments)
    port = PROVIDERS[options.name].default_port if options.port is None else options.port
    try:
        with SampleProvider(options.name, port=port, fresh=options.fresh) as sample:
            sys.stdout.write(f"{sample.base_url}?verb=Identify  (Ctrl-C stops)\n")
            sys.stdout.flush()
            Event().wait()
    except OerError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
