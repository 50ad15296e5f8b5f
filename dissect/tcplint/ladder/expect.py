"""What a ladder claims: behind `#` about the frame of that line, in lines that begin with `=` about the whole.

Claims are separated by commas.

    data-after-fin                     this rule fires at this frame (a note is observed, a fault violates)
    data-after-fin/new-data by client  … with this kind and this side; a rule's code stands for its name
    data-after-fin: inconclusive hole  … is not decided, and this evidence is missing
    no data-after-fin                  … says nothing at all, in no verdict
    client SYN-SENT, server LISTEN     the states after this frame; in a `=` line, the final ones
    step handshake-2                   the step that the frame is; `step handshake-2 again` for a repetition

Only in `=` lines: `handshake W`, `teardown W`, `handshake-verdict W`, `teardown-verdict W`, `verdict W`,
`active-closer client|server|both|unknown`, `evidence W` (W is among what is missing), `completeness N`,
`connections N`; `connection 1: …` limits the whole line to that connection. There a rule may stand at any frame.
`client` and `server` are the sides as tcplint names them, whatever the arrows of the ladder say.

Errors, warnings and undecided findings that nobody claims are mismatches; notes are free.
"""

import re

from tcplint.ladder.story import STATES, Claim, Expected, LadderError, Story

SIDES = ("client", "server")
VERDICTS = ("violates", "observed", "inconclusive")
WHY = (
    "mid-stream",
    "hole",
    "truncated",
    "one-way",
    "capture-end",
    "order",
    "filtered",
    "third-party",
    "far-tap",
)
OUTCOMES = (
    "handshake",
    "teardown",
    "handshake-verdict",
    "teardown-verdict",
    "verdict",
    "active-closer",
    "evidence",
    "completeness",
    "connections",
)

_RULE = re.compile(r"(no )?([A-Za-z][A-Za-z0-9-]*)(?:/([a-z0-9-]+))?(?: by (client|server|unknown))?(?: ?: ?(.+))?")
_CONNECTION = re.compile(r"connection (\d+) ?: ?(.*)")


def read(story: Story, line: int, at: int, text: str) -> None:
    """Add the claims of one line; `at` is the line whose frame they are about, 0 for the whole ladder."""
    connection = -1
    match = _CONNECTION.fullmatch(text)
    if match is not None:
        if at:
            raise LadderError(line, "a frame belongs to one connection; 'connection N:' goes into a '=' line")
        connection, text = int(match.group(1)), match.group(2)
    for item in text.split(","):
        _claim(story, line, at, connection, " ".join(item.split()))


def _claim(story: Story, line: int, at: int, connection: int, item: str) -> None:
    word, _, value = item.partition(" ")
    if word in SIDES:
        if value not in STATES:
            raise LadderError(line, f"{value!r} is no state; states are {', '.join(STATES)}")
        story.claims.append(Claim(word, value, line, at, connection))
    elif word == "step":
        if not at or not value:
            raise LadderError(line, "'step NAME' stands behind '#' of the frame it is about")
        story.claims.append(Claim(word, value, line, at, connection))
    elif word in OUTCOMES:
        if at:
            raise LadderError(line, f"{word!r} is about the connection; write it in a line that begins with '='")
        if not value:
            raise LadderError(line, f"{word!r} has no value")
        story.claims.append(Claim(word, value, line, at, connection))
    else:
        story.expected.append(_finding(line, at, connection, item))


def _finding(line: int, at: int, connection: int, item: str) -> Expected:
    match = _RULE.fullmatch(item)
    if match is None:
        raise LadderError(line, f"{item!r} is no expectation")
    absent, rule, kind, side, answer = match.groups()
    verdict, _, why = (answer or "").partition(" ")
    if verdict and verdict not in VERDICTS:
        raise LadderError(line, f"{verdict!r} is no verdict; verdicts are {', '.join(VERDICTS)}")
    if why and verdict != "inconclusive":
        raise LadderError(line, f"{why!r}: only 'inconclusive' names the evidence that is missing")
    if why and why not in WHY:
        raise LadderError(line, f"{why!r} is no missing evidence; write one of {', '.join(WHY)}")
    return Expected(rule, kind or "", side or "", verdict, why, bool(absent), line, at, connection)
