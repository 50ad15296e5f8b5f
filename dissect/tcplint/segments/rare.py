"""Finding the IP header in frames of rare layers, with dpkt.

dpkt turns what it cannot read into bytes without a word, and raises where it should not, so nothing of what it says is
believed but one thing: that an IP header stands in the frame, and with which octets. The header is then looked up in
the frame itself, and the portable decoder goes on from there. Reading TCP stays with one piece of code.

dpkt is imported on the first frame that needs it; it takes a fifth of a second to load.
"""

MAX_LAYERS = 16  # objects of dpkt inside each other

# Link types of pcap files and where dpkt reads them: module, class.
CLASSES = {
    0: ("loopback", "Loopback"),
    1: ("ethernet", "Ethernet"),
    9: ("ppp", "PPP"),
    50: ("ppp", "PPP"),  # in HDLC framing: the address and control octets are always there
    51: ("pppoe", "PPPoE"),
    100: ("llc", "LLC"),  # ATM, RFC 1483
    105: ("ieee80211", "IEEE80211"),
    108: ("loopback", "Loopback"),
    113: ("sll", "SLL"),
    127: ("radiotap", "Radiotap"),
    166: ("ppp", "PPP"),
    276: ("sll2", "SLL2"),
}


def find_ip(data: bytes, link_type: int) -> int:
    """The offset of the innermost IP header that dpkt finds in a frame and that an ICMP error does not quote, or -1."""
    if link_type not in CLASSES:
        return -1
    import dpkt

    module, name = CLASSES[link_type]
    try:
        layer: object = getattr(getattr(dpkt, module), name)(data)
    except Exception:  # noqa: BLE001 - beside its own errors dpkt raises struct.error, IndexError, TypeError …
        return -1
    offset = -1
    for _ in range(MAX_LAYERS):
        if isinstance(layer, dpkt.ip.IP | dpkt.ip6.IP6):
            found = data.find(layer.pack_hdr(), max(offset, 0))
            if found < 0:
                break
            offset = found
        elif isinstance(layer, dpkt.ieee80211.IEEE80211):
            layer = behind_80211(layer)
            continue
        elif not isinstance(layer, dpkt.Packet) or isinstance(layer, dpkt.icmp.ICMP | dpkt.icmp6.ICMP6):
            break
        layer = getattr(layer, "data", None)
    return offset


def behind_80211(frame: object) -> object:
    """The LLC layer of an unencrypted 802.11 data frame, or None."""
    import dpkt

    octets = getattr(frame, "data", None)
    if getattr(frame, "type", -1) != dpkt.ieee80211.DATA_TYPE or getattr(frame, "wep", 1) != 0:
        return None
    if not isinstance(octets, bytes):
        return None
    try:
        return dpkt.llc.LLC(octets)
    except Exception:  # noqa: BLE001 - as above
        return None
