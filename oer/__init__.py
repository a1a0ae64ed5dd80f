"""An open educational resource repository: harvest, normalise, search and reuse."""

__version__ = "0.1.0"
