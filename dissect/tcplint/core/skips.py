"""What decoding one frame can lead to: a segment, a quotation, or a named reason why neither.

A skip is no fault: a capture is full of frames that hold no TCP. It is counted under its name, so that nothing leaves
the analysis silently. The names are part of the report format and never change their meaning.
"""

SEGMENT = 1  # the result is decoder.segment
QUOTE = 2  # the result is decoder.quote

# The layers below IP say that this is something else (ARP, LLDP, spanning tree, control frames of PPP).
NOT_IP = 10
# The link type of the frame is not one that the portable decoder reads.
UNKNOWN_LINK_TYPE = 11
# A layer says that an encapsulation follows which the portable decoder does not read.
UNKNOWN_PROTOCOL = 12
# IP that carries something else than TCP, and no ICMP error that quotes TCP.
NOT_TCP = 13
# An IP authentication header stands in front of whatever follows.
AUTHENTICATED = 14
# The capture cut the frame before the header was complete enough to be read.
TRUNCATED = 15
# The header lies beyond the first 512 octets of the frame.
TOO_DEEP = 16
# A header contradicts itself or does not fit into the packet around it.
MALFORMED = 17
# A fragment of a datagram of which other fragments have not been seen (yet).
FRAGMENT = 18
# A fragment of a datagram whose fragments contradict each other.
FRAGMENT_OVERLAP = 19
# An ICMP error whose quotation cannot be read.
UNREADABLE_QUOTE = 20


def skip_name(code):
    """The name under which a skip is counted; "" for SEGMENT and QUOTE, which are none."""
    if code == NOT_IP:
        return "not-ip"
    if code == UNKNOWN_LINK_TYPE:
        return "unknown-link-type"
    if code == UNKNOWN_PROTOCOL:
        return "unknown-protocol"
    if code == NOT_TCP:
        return "not-tcp"
    if code == AUTHENTICATED:
        return "authentication-header"
    if code == TRUNCATED:
        return "truncated"
    if code == TOO_DEEP:
        return "too-deep"
    if code == MALFORMED:
        return "malformed"
    if code == FRAGMENT:
        return "fragment"
    if code == FRAGMENT_OVERLAP:
        return "fragment-overlap"
    if code == UNREADABLE_QUOTE:
        return "unreadable-quote"
    return ""
