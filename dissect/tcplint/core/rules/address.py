"""FL012: addresses and ports between which no connection can be (RFC 9293 §3.9.2.3, RFC 1122 §4.2.3.10).

TCP joins two ends. A SYN to a group of machines, from a group, or from nobody must be dropped in silence; an answer
would make one packet into many. Whoever sent it need not be who it says it is, so the SYN is a fault of "the source of
the frame", and only the answer is a fault of an end. Decided at the end, from the addresses of the connection.
"""

from ..model import HANDSHAKE, SIDE_UNKNOWN, VIOLATES
from ..note import conclude, leaves_open

NOTHING = 0  # what an address is, if it is not one machine
GROUP = 1  # multicast, or broadcast to all
NOBODY = 2
ITSELF = 3


def what_is(key, start, size):
    """NOTHING for an ordinary address at key[start:], else what it is."""
    if size == 4:
        return what_is_4(key, start)
    if key[start] == 255:
        return GROUP
    index = start
    while index < start + 15:
        if key[index] != 0:
            return NOTHING
        index += 1
    if key[index] == 0:
        return NOBODY
    if key[index] == 1:
        return ITSELF
    return NOTHING


def is_host_4(first):
    """An IPv4 address that begins with this octet is one of a host, neither unspecified, loopback nor of many."""
    return 0 < first < 127 or 127 < first < 224


def what_is_4(key, start):
    """The same for IPv4."""
    first = key[start]
    if 224 <= first <= 239:
        return GROUP
    if first == 255 and key[start + 1] == 255 and key[start + 2] == 255 and key[start + 3] == 255:
        return GROUP
    if first == 0:
        return NOBODY
    if first == 127:
        return ITSELF
    return NOTHING


def invalid_endpoint_address(ending):
    """FL012: the SYNs of a connection, and who answered them."""
    key = ending.connection.chain.key
    size = (len(key) - 4) // 2
    ports = 2 * size
    if size == 4 and is_host_4(key[0]) and is_host_4(key[size]):
        if key[ports] + key[ports + 1] > 0 and key[ports + 2] + key[ports + 3] > 0:
            return  # nearly all
    zero = what_is(key, 0, size)
    one = what_is(key, size, size)
    for endpoint in ending.connection.ends:
        source = zero
        target = one
        if endpoint.side == 1:
            source = one
            target = zero
        frame = endpoint.opening.alone_frame
        if frame > 0:
            judge_addresses(ending, frame, source, target)
            if key[ports] + key[ports + 1] == 0 or key[ports + 2] + key[ports + 3] == 0:
                by_source_of(ending, "port-zero", frame)
        if target == GROUP:
            judge_answer(ending, endpoint, ending.connection.ends[1 - endpoint.side])


def judge_addresses(ending, frame, source, target):
    """The SYN in this frame."""
    if source == GROUP or source == NOBODY or (source == ITSELF and target != ITSELF):
        by_source_of(ending, "bad-source", frame)
    if target == GROUP:
        by_source_of(ending, "bad-destination", frame)


def by_source_of(ending, kind, frame):
    """A fault of whoever sent that frame."""
    conclude(ending, HANDSHAKE, "FL012", kind, VIOLATES, "", SIDE_UNKNOWN, frame, 0, -1, -1)


def judge_answer(ending, asker, answerer):
    """A SYN-ACK or a RST in the name of a group."""
    opening = answerer.opening
    asked = asker.opening.alone_frame
    if opening.answer_frame > 0:
        if asked == 0:
            leaves_open(
                ending, HANDSHAKE, "FL012", "answered", "mid-stream", answerer.side, opening.answer_frame, 0, -1, -1
            )
        elif opening.answer_good:
            conclude(
                ending,
                HANDSHAKE,
                "FL012",
                "answered",
                VIOLATES,
                "",
                answerer.side,
                opening.answer_frame,
                asked,
                -1,
                -1,
            )
    elif asked > 0 and answerer.closing.rst_hit and not asker.got_syn:
        frame = answerer.closing.rst_frame
        conclude(ending, HANDSHAKE, "FL012", "answered", VIOLATES, "", answerer.side, frame, asked, -1, -1)
