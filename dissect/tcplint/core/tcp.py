"""The TCP header (RFC 9293 §3.1) as it was captured.

A segment is made of a header of which at least the first 14 octets were captured: ports, both numbers, header length
and control bits. What was cut behind them is -1 or unknown, and the segment is marked truncated.

A stated header length below 20 octets, or one that is longer than the whole segment by the IP header, cannot be right
(`header_valid`). Then no option is read, and the payload length is not known.

A sender that leaves the checksum to its network card writes the sum of the pseudo-header (addresses, protocol, TCP
length) into the field, and so it stands in captures taken on that machine. This needs no payload, so it is always
recognised. The sum of the addresses is kept for each connection.
"""

from .decoder import MAX_SUMS, cut
from .model import CHECKSUM_PARTIAL, Options, Quote, Segment
from .options import number16, number32, read_options, zeros
from .skips import QUOTE, SEGMENT, UNREADABLE_QUOTE

SHORTEST = 14  # octets of a header that make a segment


def sum_of_addresses(key):
    """The 16-bit words of the addresses in a connection key and the protocol number, added up."""
    if len(key) == 12:
        return 6 + (key[0] + key[2] + key[4] + key[6]) * 256 + key[1] + key[3] + key[5] + key[7]
    total = 6
    for position in range(0, len(key) - 4, 2):
        total += key[position] * 256 + key[position + 1]
    return total


def is_partial(decoder, key, tcp_length, checksum):
    """Whether the checksum is the bare sum of the pseudo-header."""
    addresses = decoder.sums.get(key)
    if addresses is None:
        if decoder.sum_count >= MAX_SUMS:
            decoder.sums = {}
            decoder.sum_count = 0
        addresses = sum_of_addresses(key)
        decoder.sums[key] = addresses
        decoder.sum_count += 1
    # A sum with end-around carry is the remainder by 65535, of which 0 is written as 65535: the sum is never 0 here.
    pseudo = (addresses + tcp_length) % 65535
    if pseudo == 0:
        return checksum == 65535
    return checksum == pseudo


def read_invalid_header(decoder, segment, stated, captured, cut_off):
    """Mark a header whose stated length cannot be right."""
    segment.header_valid = False
    segment.odd = True
    segment.length_known = False
    segment.options = decoder.no_options
    header = stated
    if stated < 20:
        header = 20
    segment.header_captured = header
    if captured < header:
        segment.header_captured = captured
    # Cut by the capture, not by the end of the segment.
    segment.truncated = cut_off and captured < stated


def read_tcp(decoder, segment, data, offset, limit, tcp_length):
    """Fill the segment from the TCP header at `offset`, of which 14 octets lie before `limit` and in `tcp_length`."""
    captured = limit - offset
    cut_off = captured < tcp_length
    if not cut_off:
        captured = tcp_length
    high = data[offset + 12]
    stated = high // 16 * 4
    segment.flags = high % 16 * 256 + data[offset + 13]
    segment.seq = int.from_bytes(data[offset + 4 : offset + 8], "big")
    segment.ack = int.from_bytes(data[offset + 8 : offset + 12], "big")
    if captured >= 20:
        segment.window = data[offset + 14] * 256 + data[offset + 15]
        segment.urgent = data[offset + 18] * 256 + data[offset + 19]
        if segment.urgent != 0:
            segment.odd = True
        checksum = data[offset + 16] * 256 + data[offset + 17]
        segment.checksum = checksum
        addresses = decoder.sums.get(segment.key)
        if addresses is None or (addresses + tcp_length) % 65535 == checksum % 65535:
            if is_partial(decoder, segment.key, tcp_length, checksum):
                segment.checksum_state = CHECKSUM_PARTIAL
                segment.odd = True
    else:
        if captured >= 16:
            segment.window = number16(data, offset + 14)
        if captured >= 18:
            segment.checksum = number16(data, offset + 16)
            if is_partial(decoder, segment.key, tcp_length, segment.checksum):
                segment.checksum_state = CHECKSUM_PARTIAL
                segment.odd = True
    segment.header_stated = stated
    decoder.segment = segment
    decoder.tcp_offset = offset
    decoder.tcp_length = tcp_length
    if stated < 20 or stated > tcp_length:
        read_invalid_header(decoder, segment, stated, captured, cut_off)
        return SEGMENT

    length = tcp_length - stated
    segment.length = length
    if 0 < length <= 6:
        stop = offset + tcp_length
        if limit < stop:
            stop = limit
        segment.padding = zeros(data, offset + stated, stop)
        if segment.padding:
            segment.odd = True

    if captured < stated:
        segment.header_captured = captured
        segment.truncated = True
        segment.odd = True
        if captured > 20:
            segment.options = read_options(segment, data, offset + 20, offset + stated, limit)
        elif stated > 20:
            options = Options()
            options.complete = False
            segment.options = options
        else:
            segment.options = decoder.no_options
        return SEGMENT
    segment.header_captured = stated
    if stated == 20:
        segment.options = decoder.no_options
    elif (
        stated == 32
        and data[offset + 20] == 1
        and data[offset + 21] == 1
        and data[offset + 22] == 8
        and data[offset + 23] == 10
    ):
        # NOP, NOP, timestamps: what nearly every segment of a connection carries.
        segment.tsval = int.from_bytes(data[offset + 24 : offset + 28], "big")
        segment.tsecr = int.from_bytes(data[offset + 28 : offset + 32], "big")
        segment.options = decoder.no_options
    else:
        segment.odd = True
        segment.options = read_options(segment, data, offset + 20, offset + stated, limit)
    return SEGMENT


def tcp(decoder):
    """The layer: the TCP header at the cursor, as a segment or, inside an ICMP error, as a quotation."""
    data = decoder.data
    offset = decoder.offset
    if decoder.quoting:
        return quoted_tcp(decoder)
    if decoder.payload < SHORTEST or offset + SHORTEST > decoder.limit:
        return cut(decoder)
    addresses = decoder.addresses
    segment = Segment(
        decoder.frame,
        decoder.time,
        addresses + data[offset : offset + 4],
        decoder.ip_id,
        decoder.hop_limit,
        decoder.ecn,
        decoder.link,
        decoder.interface,
    )
    if decoder.offload:
        segment.offload = True
        segment.odd = True
        segment.length_known = decoder.whole
    result = read_tcp(decoder, segment, data, offset, decoder.limit, decoder.payload)
    if decoder.assembled:
        decoder.tcp_offset = -1
    return result


def quoted_tcp(decoder):
    """Finish the quotation begun by core/internet: ports, and the sequence number if it was quoted."""
    data = decoder.data
    offset = decoder.offset
    if offset + 4 > decoder.limit:
        return UNREADABLE_QUOTE
    addresses = decoder.addresses
    quote = Quote(decoder.frame, decoder.time, addresses + data[offset : offset + 4])
    if offset + 8 <= decoder.limit:
        quote.seq = number32(data, offset + 4)
    quote.version = decoder.icmp_version
    quote.type = decoder.icmp_type
    quote.code = decoder.icmp_code
    quote.hop_limit = decoder.icmp_hop_limit
    decoder.quote = quote
    return QUOTE
