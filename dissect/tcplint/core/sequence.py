"""Sequence numbers on the 32-bit circle, unwrapped to plain integers (RFC 9293 §3.4).

Each end of a connection has a reference number. A raw number is mapped to the unwrapped number that is congruent to it
and nearest to the reference; afterwards every comparison is one of plain integers. A fresh reference lies one turn
above zero, so that numbers somewhat below it stay positive.

The point exactly half a turn away is neither before nor behind: `unwrap` puts it before, and everything that far away
counts as foreign anyway (FAR is much nearer).
"""

MODULUS = 4294967296
HALF = 2147483648
LIFT = 6442450944  # MODULUS + HALF: keeps the operand of % above zero

# Farther than this from all known numbers, a segment belongs to another incarnation or to nobody.
FAR = 16777216


def unwrap(reference, raw):
    """The unwrapped number of `raw` (0 … 2^32-1) nearest to `reference`."""
    return reference + (raw - reference % MODULUS + LIFT) % MODULUS - HALF


def difference(a, b):
    """Signed distance from b to a, both raw, in [-2^31, 2^31)."""
    return (a - b + LIFT) % MODULUS - HALF


def between(low, number, high):
    """low <= number <= high."""
    return low <= number and number <= high


def size(number):
    """The number without its sign."""
    if number < 0:
        return -number
    return number


def larger(a, b):
    """The larger of two numbers."""
    if a > b:
        return a
    return b


def smaller(a, b):
    """The smaller of two numbers."""
    if a < b:
        return a
    return b
