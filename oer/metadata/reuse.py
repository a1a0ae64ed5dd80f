"""Reuse help: what may be combined, how to credit it, and what a licence means in plain words.

A worksheet edited into another text makes an *adaptation*, and the licences of all its sources
decide under what it may be published. Worksheets side by side make a *collection*: the parts keep
their licences, ShareAlike does not reach it, and only NonCommercial binds the whole. The caller has
to say which it is.

All of it informs, in Finnish, Swedish and English; nothing here is legal advice or decides a use.
"""

from oer.metadata.reuse_attribution import FORMS, Work, adaptation, attribution, work_of
from oer.metadata.reuse_compatibility import (
    Compatibility,
    Option,
    Reason,
    compatible,
    ways_out,
)
from oer.metadata.reuse_texts import LANGUAGES, Explanation, disclaimer, explain, reason_text

__all__ = [
    "FORMS",
    "LANGUAGES",
    "Compatibility",
    "Explanation",
    "Option",
    "Reason",
    "Work",
    "adaptation",
    "attribution",
    "compatible",
    "disclaimer",
    "explain",
    "reason_text",
    "ways_out",
    "work_of",
]
