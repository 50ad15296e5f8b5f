"""OP018, OP019, OP022, OP023: fast open, Multipath TCP, signed segments, and options that nobody here knows.

Fast open and Multipath TCP are agreed on by the SYNs like any option. What a SYN asked for is judged over all its
captured copies; a copy that asked and was missed by the capture is excluded only by a SYN-ACK that echoes the timestamp
of a captured one.
"""

from ..evidence import damaged
from ..incarnation import answers_syn
from ..model import HANDSHAKE
from ..note import observed, phase_of_header
from ..offer import CAPABLE, JOIN, NO_MULTIPATH, NO_SIGNED, SIGNED, answers_copy
from .negotiation import elsewhere, syn_frame, unreadable
from .options import doubt, doubt_outside_syn, list_is_broken, report

LONGEST_COOKIE = 16  # octets; RFC 7413 §4.1.1
SHORTEST_COOKIE = 4
MP_CAPABLE = 0  # subtypes of RFC 8684 §8.2
MP_JOIN = 1
MP_FASTCLOSE = 7
MP_TCPRST = 8
OPTIMISERS = [76, 77, 78]  # kinds that devices which shorten long paths put into SYNs to find each other


def fast_open_option(arrival):
    """OP018: where a fast-open option may stand, and of which size (RFC 7413 §4.1.1). OP002 names a wrong kind 34."""
    if list_is_broken(arrival):
        return
    cookie = arrival.segment.options.tfo
    if not arrival.syn:
        if not arrival.rst:
            report(arrival, "OP018", "outside-syn", doubt_outside_syn(arrival), 0, cookie, -1)
        return
    if cookie > 0 and (cookie < SHORTEST_COOKIE or cookie > LONGEST_COOKIE or cookie % 2 == 1):
        report(arrival, "OP018", "cookie-length", unsure(arrival), 0, cookie, -1)
    if not arrival.has_ack or arrival.own.opening.alone_frame > 0:
        return
    asker = arrival.peer
    if cookie == 0:
        report(arrival, "OP018", "empty-grant", unsure(arrival), syn_frame(asker), cookie, -1)
    elif asker.iss_seen and asker.opening.alone_frame > 0 and asker.opening.tfo < 0 and answers_syn(arrival, asker):
        report(arrival, "OP018", "not-asked", doubt_about_question(arrival, False), syn_frame(asker), cookie, -1)


def unsure(arrival):
    """Damaged or cut; "" for neither, or when nobody had a reason to verify the checksum."""
    if damaged(arrival):
        return "third-party"
    if arrival.segment.truncated or not arrival.segment.options.complete:
        return "truncated"
    return ""


def doubt_about_question(arrival, asked):
    """Why the SYN that this SYN-ACK answers may have been another than the captured ones. `asked`: by some copy."""
    why = unreadable(arrival.peer.opening)
    if why == "":
        why = unsure(arrival)
    if why == "" and asked:
        why = "order"
    elif why == "" and not answers_copy(arrival):
        why = "hole"
    return why


def multipath_answer(arrival):
    """OP019: the SYN-ACK agrees to Multipath TCP, declines it, or brings it in unasked (RFC 8684 §3.1, §3.2)."""
    asker = arrival.peer
    offers = asker.opening.offers
    subtype = arrival.segment.options.mptcp
    if asker.opening.alone_frame == 0 or not answers_syn(arrival, asker) or list_is_broken(arrival):
        return
    if arrival.own.opening.alone_frame > 0 or subtype > MP_JOIN:
        return
    frame = syn_frame(asker)
    if subtype < 0:
        if offers & NO_MULTIPATH == 0 and unsure(arrival) == "":
            observed(arrival, HANDSHAKE, "OP019", "fallback", frame, -1, -1)
        return
    wanted = offers & CAPABLE != 0
    if subtype == MP_JOIN:
        wanted = offers & JOIN != 0
    if wanted and offers & NO_MULTIPATH == 0:
        if unsure(arrival) == "":
            observed(arrival, HANDSHAKE, "OP019", "agreed", frame, subtype, -1)
        return
    why = doubt(arrival)
    if why == "":
        why = doubt_about_question(arrival, wanted)
    report(arrival, "OP019", "unsolicited", why, frame, subtype, -1)


def multipath_ends(arrival):
    """OP019: an option that ends all subflows, or gives the reason of a RST (RFC 8684 §3.5, §3.6)."""
    subtype = arrival.segment.options.mptcp
    if damaged(arrival) or list_is_broken(arrival):
        return
    if subtype == MP_FASTCLOSE:
        observed(arrival, phase_of_header(arrival), "OP019", "fast-close", 0, subtype, -1)
    elif subtype == MP_TCPRST and arrival.rst:
        observed(arrival, phase_of_header(arrival), "OP019", "reset-reason", 0, subtype, -1)


def unsigned_answer(arrival):
    """OP022: a SYN-ACK without signature for a SYN that has one (RFC 2385 §2.0, RFC 5925 §7.1)."""
    options = arrival.segment.options
    asker = arrival.peer
    offers = asker.opening.offers
    if options.md5 or options.ao or asker.opening.alone_frame == 0 or not answers_syn(arrival, asker):
        return
    if list_is_broken(arrival) or arrival.own.opening.alone_frame > 0:
        return
    why = doubt_about_question(arrival, False)
    if why == "" and offers & NO_SIGNED != 0:
        why = "order"
    report(arrival, "OP022", "answer-without", why, syn_frame(asker), -1, -1)


def missing_authentication(arrival):
    """OP022: a later segment without signature of an end whose SYNs had one."""
    own = arrival.own
    options = arrival.segment.options
    if options.md5 or options.ao or own.opening.offers & SIGNED == 0 or list_is_broken(arrival):
        return
    if arrival.rst:
        if not damaged(arrival) and options.complete:
            observed(arrival, phase_of_header(arrival), "OP022", "reset-without", syn_frame(own), -1, -1)
        return
    if not arrival.has_ack:
        return  # FL008, TD006
    why = unreadable(own.opening)
    if why == "":
        why = unsure(arrival)
    if why == "" and own.opening.offers & NO_SIGNED != 0:
        why = "order"
    elif why == "" and arrival.segment.hop_limit != own.opening.hop_limit:
        why = "third-party"
    elif why == "" and not arrival.peer.iss_seen:
        why = "mid-stream"
    elif why == "":
        why = elsewhere(arrival)
    report(arrival, "OP022", "without", why, syn_frame(own), arrival.length, -1)


def unknown_options(arrival):
    """OP023: kinds that no table here holds, and those kept for experiments (RFC 6994)."""
    options = arrival.segment.options
    if list_is_broken(arrival):
        return
    phase = phase_of_header(arrival)
    for kind in options.unknown:
        if kind >= 253 and options.experiment < 0:
            report(arrival, "OP023", "no-identifier", unsure(arrival), 0, kind, -1)
        elif damaged(arrival):
            continue
        elif kind < 253:
            name = "unknown"
            for optimiser in OPTIMISERS:
                if kind == optimiser:
                    name = "optimiser"
            observed(arrival, phase, "OP023", name, 0, kind, -1)
        else:
            observed(arrival, phase, "OP023", "experiment", 0, kind, options.experiment)
