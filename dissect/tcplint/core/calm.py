"""The short path: the next data or ACK segment of a connection that is established and quiet.

Most of a capture is that. Nothing but numbers can have changed, so no rule is asked. Whatever is not exactly expected
(another number, an option, a copy, a time that runs backwards) is left to the long path in core/engine.
"""

from .duplicate import is_copy, keep
from .sequence import MODULUS

PLAIN_ACK = 0x010
PUSHED = 0x018
ORDINARY_PAYLOAD = 1460  # octets; larger ones may be super-segments


def advance_calm(engine, segment, chain, connection):
    """The short path: the next data or ACK of an established connection. False when it is anything else."""
    flags = segment.flags
    if flags != PLAIN_ACK and flags != PUSHED:
        return False
    side = 1
    if segment.key == chain.key:
        side = 0
    own = connection.ends[side]
    peer = connection.ends[1 - side]
    if segment.seq != own.nxt % MODULUS or segment.truncated or not segment.header_valid:
        return False
    ahead = (segment.ack + MODULUS - own.ackmax % MODULUS) % MODULUS
    ack = own.ackmax + ahead
    if ack > peer.nxt or segment.length > ORDINARY_PAYLOAD:
        return False
    options = segment.options
    if options.malformed != 0 or options.wrong_length >= 0 or options.duplicate >= 0 or segment.checksum_state > 1:
        return False
    if segment.length == 0 and is_copy(engine.recent, segment):
        return False
    if connection.last_time > segment.time:
        return False
    keep(engine.recent, segment)
    step = engine.step
    if len(step.findings) > 0:
        step.findings = []
    seq = own.nxt
    if segment.length > 0:
        own.nxt = seq + segment.length
        own.ref = own.nxt
        own.seen = own.nxt
        own.data_end = own.nxt
        own.data_frame = segment.frame
        if connection.completeness & 8 == 0:
            connection.completeness += 8
        step.name = "data"
    else:
        step.name = "ack"
    own.ackmax = ack
    own.last_ack = ack
    own.moved = True
    own.window = segment.window * own.opening.multiplier
    if own.window > own.wmax:
        own.wmax = own.window
    if segment.tsval >= 0:
        own.tsval = segment.tsval
    own.segments += 1
    own.last_frame = segment.frame
    own.last_time = segment.time
    connection.segments += 1
    connection.last_frame = segment.frame
    connection.last_time = segment.time
    step.connection = connection.number
    step.side = side
    step.again = False
    step.seq = seq - own.first
    step.ack = ack - peer.first
    step.state0 = connection.ends[0].state
    step.state1 = connection.ends[1].state
    return True


def is_calm(connection):
    """Established at both ends, no FIN, no RST, no gap: the next expected segment may take the short path."""
    zero = connection.ends[0]
    one = connection.ends[1]
    if zero.closing.fin >= 0 or one.closing.fin >= 0 or zero.closing.rst_count > 0 or one.closing.rst_count > 0:
        return False
    if not (zero.got_syn and one.got_syn and zero.syn_acked and one.syn_acked):
        return False
    if zero.ackmax < 0 or one.ackmax < 0 or zero.seen < 0 or one.seen < 0 or connection.removed_numbers:
        return False
    if zero.opening.wscale < 0 or one.opening.wscale < 0:
        zero.opening.multiplier = 1
        one.opening.multiplier = 1
    return connection.chain.pending is None and connection.chain.again is None
