"""The option list of a TCP header (RFC 9293 §3.1, §3.2).

The list fills the header behind octet 20. Kind 0 ends it (only zeros may follow), kind 1 is one octet of filling; every
other option is a kind, a length that counts these two octets as well, and a value. So the list can be walked without
knowing the kinds, and it can be wrong in three ways: a length below 2, a length that runs past the header, something
behind the end. The walk stops at the first of these; what was read before it stays.

A capture may have cut the header. Then the list is read as far as it goes, and a fault is named only if the octets that
are there prove it: a cut list never shows a fault that the whole one does not have.
"""

from .model import (
    ACK,
    AE,
    CWR,
    ECE,
    OPTIONS_AFTER_END,
    OPTIONS_PAST_HEADER,
    OPTIONS_SHORT_LENGTH,
    OPTIONS_SOUND,
    SYN,
    Options,
)

END = 0
NOP = 1
MSS = 2  # RFC 9293 §3.7.1
WINDOW_SCALE = 3  # RFC 7323 §2
SACK_PERMITTED = 4  # RFC 2018 §2
SACK = 5  # RFC 2018 §3
TIMESTAMPS = 8  # RFC 7323 §3
MD5 = 19  # RFC 2385
USER_TIMEOUT = 28  # RFC 5482
AUTHENTICATION = 29  # RFC 5925
MPTCP = 30  # RFC 8684
FAST_OPEN = 34  # RFC 7413
ACCURATE_ECN_0 = 172  # RFC 9768
ACCURATE_ECN_1 = 174
EXPERIMENT_1 = 253  # RFC 6994: the value begins with an identifier of 16 bits
EXPERIMENT_2 = 254

LARGEST_SHIFT = 14  # of the window scale (RFC 7323 §2.3)


def length_fits(kind, length):
    """Whether `length` is a defined length of this kind. Of an unknown kind every length is."""
    if kind == MSS:
        return length == 4
    if kind == WINDOW_SCALE:
        return length == 3
    if kind == SACK_PERMITTED:
        return length == 2
    if kind == SACK:
        return length == 10 or length == 18 or length == 26 or length == 34
    if kind == TIMESTAMPS:
        return length == 10
    if kind == MD5:
        return length == 18
    if kind == USER_TIMEOUT:
        return length == 4
    if kind == AUTHENTICATION:
        return length >= 4
    if kind == MPTCP:
        return length >= 3
    if kind == FAST_OPEN:
        return length == 2 or (6 <= length <= 18 and length % 2 == 0)
    if kind == ACCURATE_ECN_0 or kind == ACCURATE_ECN_1:
        return length == 2 or length == 5 or length == 8 or length == 11
    return True


def may_repeat(kind):
    """Whether an option of this kind may stand twice in one header."""
    return kind == MPTCP or kind == EXPERIMENT_1 or kind == EXPERIMENT_2


def number16(data, offset):
    """The 16-bit number at `offset`, network byte order."""
    return data[offset] * 256 + data[offset + 1]


def number32(data, offset):
    """The 32-bit number at `offset`, network byte order."""
    return data[offset] * 16777216 + data[offset + 1] * 65536 + data[offset + 2] * 256 + data[offset + 3]


def read_value(segment, options, data, offset, kind, length, fits):
    """Note the option at `offset`, whose octets are all there. Of two options of one kind the first counts."""
    if fits and kind <= SACK_PERMITTED:
        if kind == MSS:
            if options.mss == -1:
                options.mss = number16(data, offset + 2)
        elif kind == WINDOW_SCALE:
            if options.wscale == -1:
                options.wscale = data[offset + 2]
        else:
            options.sackok = True
    elif kind == FAST_OPEN:
        # Whatever its length: that the option was sent matters more than that its cookie has an odd size.
        if options.tfo == -1:
            options.tfo = length - 2
    elif kind == EXPERIMENT_2 and length >= 4 and data[offset + 2] == 249 and data[offset + 3] == 137:
        # 0xF989 is fast open as it was before it had its own kind (RFC 7413 §9).
        if options.tfo == -1:
            options.tfo = length - 4
    elif not fits:
        return
    elif kind == SACK:
        if len(options.sack) == 0:
            for edge in range(offset + 2, offset + length, 4):
                options.sack.append(number32(data, edge))
    elif kind == TIMESTAMPS:
        if segment.tsval == -1:
            segment.tsval = number32(data, offset + 2)
            segment.tsecr = number32(data, offset + 6)
    elif kind == MD5:
        options.md5 = True
    elif kind == AUTHENTICATION:
        options.ao = True
    elif kind == MPTCP:
        if options.mptcp == -1:
            options.mptcp = data[offset + 2] // 16
    elif kind != USER_TIMEOUT and kind != ACCURATE_ECN_0 and kind != ACCURATE_ECN_1:
        options.unknown.append(kind)
        if (kind == EXPERIMENT_1 or kind == EXPERIMENT_2) and options.experiment == -1:
            options.experiment = -2
            if length >= 4:
                options.experiment = number16(data, offset + 2)


def is_suspect(options, flags):
    """Whether damage may have made this header what it is, so that its checksum had better be verified.

    A list that is broken or holds what cannot stand there, a kind that nobody knows behind the SYNs (the timestamps
    with one octet changed are one), bits of ECN on a SYN-ACK, AE alone on a SYN, an MPTCP option on a SYN-ACK.
    """
    if options.malformed != OPTIONS_SOUND or options.wrong_length >= 0 or options.duplicate >= 0:
        return True
    if flags & SYN != 0:
        if flags & ACK != 0 and (flags & ECE != 0 or flags & CWR != 0 or flags & AE != 0 or options.mptcp >= 0):
            return True
        if flags & AE != 0 and (flags & ECE == 0 or flags & CWR == 0):
            return True
        return options.wscale > LARGEST_SHIFT or len(options.sack) > 0
    if options.mss >= 0 or options.wscale >= 0 or options.sackok or options.tfo >= 0:
        return True
    return len(options.unknown) > 0


def zeros(data, start, stop):
    """Whether data[start:stop] is nothing but zeros."""
    for position in range(start, stop):
        if data[position] != 0:
            return False
    return True


def read_options(segment, data, start, stop, limit):
    """The options at data[start:stop], of which only data[start:limit] was captured. Timestamps go to the segment."""
    options = Options()
    seen = {}
    captured = stop
    if limit < stop:
        captured = limit
        options.complete = False
    offset = start
    while offset < captured:
        kind = data[offset]
        if kind == NOP:
            offset += 1
            continue
        if kind == END:
            if not zeros(data, offset + 1, captured):
                options.malformed = OPTIONS_AFTER_END
            break
        if offset + 1 >= stop:
            options.malformed = OPTIONS_PAST_HEADER
            break
        if offset + 1 >= captured:
            break
        length = data[offset + 1]
        if length < 2:
            options.malformed = OPTIONS_SHORT_LENGTH
            break
        if offset + length > stop:
            options.malformed = OPTIONS_PAST_HEADER
            break
        fits = length_fits(kind, length)
        if not fits and options.wrong_length == -1:
            options.wrong_length = kind
        if kind in seen and not may_repeat(kind):
            if options.duplicate == -1:
                options.duplicate = kind
        elif offset + length <= captured:
            read_value(segment, options, data, offset, kind, length, fits)
        seen[kind] = True
        offset += length
    return options
