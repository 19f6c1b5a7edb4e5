"""What model/ says is wrong, in the user's language: the sentences that are met in the window.

model/ raises them in English; what is not listed here is shown as it is.
"""

from __future__ import annotations

import re

from app.translation import mark, tr

PROBLEMS = (
    mark("Nothing else is in the picture to fill the place with; paint over it."),
    mark(
        "There is no free number for another {label} in this picture; "
        "remove one or paint over an existing one."
    ),
    mark("This {what} is in one piece; cut it."),
    mark("The outline separates nothing; draw it around a part."),
    mark("The line separates nothing; draw it across, from edge to edge."),
    mark("Select two or more objects of one label to merge them."),
    mark("Only objects of one label can be merged; change their label first."),
    mark("The schema {schema} has no label {label}; choose another."),
    mark("An object that stands above the horizon has no size; move the horizon."),
    mark("{file} could not be written ({why}); choose another folder or free some space."),
    mark("{file} does not exist; check the path."),
    mark("{file} is a folder; choose one file in it."),
    mark("{file} cannot be read ({why}); check the path."),
    mark("{file} is no Labelbrush project; open another file."),
    mark("{file} is no whole project file ({why}); open another copy of it."),
    mark("{file} is damaged or cut short ({why}); get a whole copy."),
    mark("{file} is not a picture file; choose a {kind} file."),
    mark("{file} is {size} pixels instead of {other}; choose maps of one picture."),
    mark(
        "{file} is {kind}, but a label map has one label id of 8 bits per pixel; "
        "save it as an 8-bit grey or palette PNG."
    ),
    mark("{file} is no checkpoint: it needs checkpoint.json or the official latest_net_G.pth."),
    mark(
        "{file} needs a Labelbrush that reads {kind} version {version}, "
        "this one reads up to {known}; update Labelbrush."
    ),
)
_PLACE = re.compile(r"\\{(\w+)\\}")
_PATTERNS = [(each, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(each)))) for each in PROBLEMS]


def problem(error: object) -> str:
    """The sentence of an InputError, in the user's language if it is listed."""
    text = str(error)
    for sentence, pattern in _PATTERNS:
        met = pattern.fullmatch(text)
        if met:
            return tr(sentence, **met.groupdict())
    return text
