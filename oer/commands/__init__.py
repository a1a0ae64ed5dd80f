"""The command line's rooms: each command a sentence, an example, a call."""
