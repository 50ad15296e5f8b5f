"""What the decoder keeps from frame to frame, and the cursor with which it walks through one.

The walk (core/wire) hands a `Decoder` from layer to layer. A layer reads at `data[offset]`, never at or behind `limit`,
moves `offset` to what it carries and returns the layer that follows, or a result of core/skips.

Two ends matter. `captured` is where the captured octets of the packet stop, as the capture file and the length fields
of the layers around say; link padding lies behind it. `limit` is the same, but never beyond the first 512 octets, which
is all that any runtime looks at. `whole` says that the packet really stops at `captured`, not only the capture.
"""

from .fragments import FragmentTable
from .model import Options
from .skips import MALFORMED, TOO_DEEP, TRUNCATED

LOOK = 512  # octets of a frame that are looked at
MAX_LINKS = 4096  # link numbers; later links share the number 0
MAX_SUMS = 4096  # address sums kept; when it is full the table starts anew

# Layers. Larger than every result of core/skips.
LAYER_ETHERNET = 100
LAYER_VLAN = 101
LAYER_LLC = 102
LAYER_SLL = 103
LAYER_SLL2 = 104
LAYER_LOOPBACK = 105
LAYER_PPP = 106
LAYER_PPPOE = 107
LAYER_MPLS = 108
LAYER_IP = 109  # version 4 or 6, as its first four bits say
LAYER_EXTENSION = 110  # an extension header of IPv6, of kind decoder.protocol
LAYER_GRE = 111
LAYER_UDP = 112
LAYER_ICMP = 114
LAYER_ICMP6 = 115
LAYER_TCP = 116


class Decoder:
    """The state of one capture. `segment` or `quote` is the result of the last frame that had one."""

    def __init__(self):
        self.segment = None
        self.quote = None
        self.no_options = Options()  # shared by all segments without options (or with timestamps only): never change it
        self.fragments = FragmentTable()
        # Where the last segment stands in its frame, for those who want its payload.
        self.tcp_offset = -1  # -1 when the segment was put together from fragments
        self.tcp_length = 0  # header and payload, as the IP header says
        # Tables with a bound.
        self.links = {}  # link addresses -> number
        self.tunnels = {}  # outer link number, kind and value of the tag -> number
        self.link_count = 0
        self.sums = {}  # connection key -> sum of addresses and protocol
        self.sum_count = 0
        # The frame.
        self.frame = 0
        self.time = 0
        self.interface = 0
        # The cursor.
        self.data = None
        self.offset = 0
        self.limit = 0
        self.captured = 0
        self.whole = True
        self.link = 0
        # The last IP header.
        self.version = 0
        self.addresses = None  # sender, receiver
        self.protocol = 0
        self.payload = 0  # octets behind the headers read so far
        self.offload = False  # the length field was 0
        self.ip_id = -1
        self.hop_limit = -1
        self.ecn = 0
        self.assembled = False  # data is a reassembled datagram, not the frame
        # The ICMP error in which the cursor stands.
        self.quoting = False
        self.icmp_version = 4
        self.icmp_type = -1
        self.icmp_code = -1
        self.icmp_hop_limit = -1


def cut(decoder):
    """The skip for a header that does not fit in front of decoder.limit."""
    if decoder.captured > decoder.limit:
        return TOO_DEEP
    if decoder.whole:
        return MALFORMED
    return TRUNCATED


def bound(decoder, stop):
    """Let the packet stop at `stop`, as a length field says. Whatever lies behind is padding."""
    if stop > decoder.captured:
        decoder.whole = False
        return
    decoder.captured = stop
    decoder.whole = True
    if stop < decoder.limit:
        decoder.limit = stop


def number_link(decoder, addresses):
    """The number of a pair of link addresses (raw octets, in the order of the frame), from 1; 0 when out of numbers."""
    link = decoder.links.get(addresses)
    if link is None:
        if decoder.link_count >= MAX_LINKS:
            return 0
        decoder.link_count += 1
        link = decoder.link_count
        decoder.links[addresses] = link
    return link


def nest_link(decoder, kind, value):
    """Renumber the link: it is the one inside the present link behind a tag of this kind (0 to 15) and 32-bit value."""
    tag = (decoder.link * 16 + kind) * 4294967296 + value
    link = decoder.tunnels.get(tag)
    if link is None:
        if decoder.link_count >= MAX_LINKS:
            decoder.link = 0
            return
        decoder.link_count += 1
        link = decoder.link_count
        decoder.tunnels[tag] = link
    decoder.link = link
