"""What a SYN, a FIN and a RST teach about their sender. Asked by core/facts for segments that may change facts."""

from .evidence import SLACK
from .offer import learn_offer
from .sequence import between, larger, smaller


def learn_syn(arrival):
    """A SYN or SYN-ACK of this end: its initial number and what it offers."""
    own = arrival.own
    opening = own.opening
    segment = arrival.segment
    if not own.iss_seen:
        own.iss_seen = True
        own.iss = arrival.seq
        own.first = arrival.seq
        opening.flags = arrival.flags
        opening.mss = segment.options.mss
        opening.wscale = segment.options.wscale
        opening.window = segment.window
        opening.tsval = segment.tsval
        opening.hop_limit = segment.hop_limit
        opening.ip_id = segment.ip_id
        opening.multiplier = multiplier_of(opening.wscale)
    elif arrival.seq != own.iss and arrival.has_ack:
        opening.other_iss = arrival.seq
    own.syn_sent = True
    learn_offer(arrival)
    if segment.options.tfo > opening.tfo:
        opening.tfo = segment.options.tfo
    if arrival.has_ack:
        if own.closing.rst_frame > 0 and not own.closing.rst_hit:
            own.closing.rst_frame = 0  # SYN-SENT ignored that RST, and whoever it named as its sender goes on
        if opening.answer_frame == 0:
            opening.answer_frame = arrival.frame
            opening.answer_time = arrival.time
            opening.answer_ack = arrival.ack
        opening.answer_copies += 1
        opening.answer_last_frame = arrival.frame
        opening.answer_last_time = arrival.time
        asked = arrival.peer
        if asked.iss_seen and between(asked.iss + 1, arrival.ack, asked.iss + 1 + asked.opening.length):
            opening.answer_good = True
    else:
        if opening.alone_frame == 0:
            opening.alone_frame = arrival.frame
            opening.alone_time = arrival.time
            answered = arrival.peer.opening
            if answered.answer_frame > 0 and between(arrival.seq + 1, answered.answer_ack, arrival.right):
                answered.answer_good = True  # the capture shows the answer before the question
        opening.alone_copies += 1
        opening.alone_last_frame = arrival.frame
        opening.alone_last_time = arrival.time
        opening.length = larger(opening.length, arrival.right - arrival.seq - 1)


def multiplier_of(shift):
    """2 to the power of a window scale shift, which counts 14 at most (RFC 7323 §2.3); 1 for none."""
    if shift == 7:
        return 128  # most
    multiplier = 1
    done = 0
    while done < shift and done < 14:
        multiplier = multiplier * 2
        done += 1
    return multiplier


def note_late_syn(arrival):
    """A SYN that stands where its connection can have none: it may have opened the next one (RFC 9293 §3.4.1)."""
    own = arrival.own
    peer = arrival.peer
    if own.data_end >= 0 or own.closing.fin >= 0 or peer.closing.fin >= 0:
        own.opening.late = True
    elif own.iss_seen and arrival.seq != own.iss and peer.got_syn:
        own.opening.late = True


def learn_fin(arrival, early):
    """A FIN of this end. `early`: the peer had acknowledged it before the capture showed it."""
    own = arrival.own
    closing = own.closing
    fin = arrival.right - 1
    if own.iss >= 0 and fin <= own.iss:
        return
    if arrival.has_ack and arrival.peer.iss_seen and arrival.ack <= arrival.peer.iss:
        return  # it acknowledges nothing of this connection: a late FIN of the one before
    if closing.fin < 0:
        closing.fin = fin
        closing.fin_end = fin + 1
        closing.lowest_end = fin + 1
        closing.frame = arrival.frame
        closing.time = arrival.time
        closing.sure = len(own.gaps) == 0 and not early and arrival.has_ack
        if arrival.segment.tsval > own.tsval:
            closing.tsval = arrival.segment.tsval
        if own.nxt < closing.fin_end:
            own.nxt = closing.fin_end
        if arrival.peer.ackmax >= closing.fin_end:
            own.fin_acked = True
            arrival.peer.got_fin = True
            closing.acked_frame = arrival.peer.last_frame
            closing.acked_time = arrival.peer.last_time
    if fin != closing.fin:
        return
    closing.copies += 1
    closing.last_frame = arrival.frame
    closing.last_time = arrival.time
    if closing.copies > 1:
        closing.confirmed = True
    if not arrival.has_ack:
        closing.no_ack = True
    elif closing.min_ack < 0:
        closing.min_ack = arrival.ack
    else:
        closing.min_ack = smaller(closing.min_ack, arrival.ack)


def learn_rst(arrival):
    """A RST of this end, and whether its peer had to accept it (RFC 9293 §3.10.7.3 and §3.10.7.4, RFC 5961 §3.2)."""
    own = arrival.own
    peer = arrival.peer
    closing = own.closing
    closing.rst_count += 1
    if refuses_answer(arrival):
        forget_answer(arrival)
        return
    reach = larger(own.nxt, peer.ackmax) + larger(peer.wmax, 65535)
    asked = peer.opening.alone_frame > 0 and not peer.got_syn
    refuses = asked and arrival.has_ack and between(peer.iss + 1, arrival.ack, peer.nxt)
    if own.nxt >= 0 and not refuses and (arrival.seq < own.first - 1 or arrival.seq > reach):
        return
    if closing.rst_frame == 0:
        closing.rst_frame = arrival.frame
        closing.rst_time = arrival.time
        closing.rst_seq = arrival.seq
        closing.rst_ack = arrival.ack
    closing.rst_last_frame = arrival.frame
    if asked:
        closing.rst_hit = closing.rst_hit or refuses
        closing.rst_exact = closing.rst_hit
        return
    if peer.ackmax < 0:
        closing.rst_hit = True
        return
    if arrival.seq == peer.ackmax or arrival.seq == own.nxt:
        closing.rst_hit = True
        closing.rst_exact = True
    elif arrival.seq > peer.ackmax:
        closing.rst_hit = True


def refuses_answer(arrival):
    """The RST by which SYN-SENT refuses a SYN-ACK that does not acknowledge its SYN (RFC 9293 §3.10.7.3, step 1)."""
    opening = arrival.peer.opening
    if arrival.own.opening.alone_frame == 0 or arrival.own.got_syn or opening.answer_frame == 0:
        return False
    return not opening.answer_good and arrival.seq == opening.answer_ack


def forget_answer(arrival):
    """A refused SYN-ACK: its sender is in LISTEN again, its asker still in SYN-SENT (RFC 9293 §3.5, Figure 8)."""
    peer = arrival.peer
    opening = peer.opening
    arrival.connection.strange += opening.answer_copies
    peer.segments -= opening.answer_copies
    opening.answer_frame = 0
    opening.answer_copies = 0
    opening.answer_ack = -1
    opening.answer_gaps = []
    opening.other_iss = -1
    opening.offers = 0
    opening.multiplier = 1
    peer.iss = -1
    peer.iss_seen = False
    peer.first = -1
    peer.nxt = -1
    peer.seen = -1
    peer.gaps = []
    peer.syn_sent = False
    peer.got_syn = False
    peer.ackmax = -1
    peer.last_ack = -1
    peer.raw_window = -1
    peer.wmax = 0
    peer.tsval = -1
    arrival.own.syn_acked = False


def void_resets(arrival):
    """An end that goes on after a RST shows that the RST did not end it: roll the tentative fact back."""
    own = arrival.own.closing
    peer = arrival.peer.closing
    if own.rst_frame > 0 and arrival.time - own.rst_time > SLACK:
        own.rst_void = True
        own.rst_hit = False
    if peer.rst_hit and not peer.rst_exact and arrival.time - peer.rst_time > 0:
        peer.rst_hit = False
