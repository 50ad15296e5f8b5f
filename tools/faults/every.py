"""The list of all faults: importing this fills it."""

from tools.faults import again, agreeing, closing, headers, opening, options, resets, unprovable
from tools.faults.fault import FAULTS, Fault

MODULES = (headers, opening, closing, resets, options, agreeing, again, unprovable)


def every_fault() -> list[Fault]:
    """All, by rule."""
    return sorted(FAULTS, key=lambda one: (one.code, one.kind, one.commit.__name__))
