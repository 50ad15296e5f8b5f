"""Which rules hear of what a header says by itself: its options, bits, checksum. Part of core/rules/table.

A segment whose header is as usual meets none of them, but for those that every segment meets in `on_header`.
"""

from ..model import CHECKSUM_BAD, CHECKSUM_PARTIAL, OPTIONS_SOUND, RESERVED, SYN, URG
from ..offer import SIGNED
from ..options import LARGEST_SHIFT
from ..sequence import HALF
from .capture import offload_artefact, reordered_capture, truncated_header
from .checksum import wrong_checksum
from .extensions import fast_open_option, missing_authentication, multipath_ends, unknown_options
from .header import (
    invalid_data_offset,
    land_segment,
    null_segment,
    reserved_bits_set,
    reset_with_syn_or_fin,
    syn_with_fin,
)
from .negotiation import sack_on_syn, unpermitted_sack
from .options import (
    malformed_option,
    malformed_option_list,
    mss_outside_syn,
    sack_permitted_outside_syn,
    window_scale_outside_syn,
    window_scale_too_large,
)
from .payload import keep_large_payload
from .third_party import third_party_segment
from .timestamps import missing_timestamps, timestamp_backwards, unnegotiated_timestamps
from .urgent import inconsistent_urgent_pointer


def on_options(arrival):
    """A header with options other than timestamps alone."""
    segment = arrival.segment
    options = segment.options
    if options.malformed != OPTIONS_SOUND or options.wrong_length >= 0 or options.duplicate >= 0:
        malformed_option_list(arrival)
        malformed_option(arrival)
    if options.tfo >= 0:
        fast_open_option(arrival)
    if len(options.unknown) > 0:
        unknown_options(arrival)
    if segment.flags & SYN != 0:
        if options.wscale > LARGEST_SHIFT:
            window_scale_too_large(arrival)
        if len(options.sack) > 0:
            sack_on_syn(arrival)
        return
    if len(options.sack) > 0:
        unpermitted_sack(arrival)
    if options.mptcp >= 0:
        multipath_ends(arrival)
    if options.mss >= 0 or options.wscale >= 0 or options.sackok:
        mss_outside_syn(arrival)
        window_scale_outside_syn(arrival)
        sack_permitted_outside_syn(arrival)


def on_timestamps(arrival):
    """A later segment that has timestamps, or has none, other than its sender's segments before."""
    if arrival.segment.tsval < 0:
        missing_timestamps(arrival)
    else:
        unnegotiated_timestamps(arrival)


def on_header(arrival):
    """Every segment that does not take the short path: what its own bits say."""
    segment = arrival.segment
    null_segment(arrival)
    if segment.flags & RESERVED != 0:
        reserved_bits_set(arrival)
    if arrival.fin or arrival.rst:
        syn_with_fin(arrival)
        reset_with_syn_or_fin(arrival)
    if segment.truncated:
        truncated_header(arrival)
    if segment.odd:
        on_options(arrival)
        if segment.checksum_state == CHECKSUM_BAD:
            wrong_checksum(arrival)
        if segment.urgent > 0:
            inconsistent_urgent_pointer(arrival)
    if segment.flags & URG != 0 and segment.urgent <= 0:
        inconsistent_urgent_pointer(arrival)
    if (segment.tsval < 0) != (arrival.own.tsval < 0) and not arrival.syn and not arrival.rst:
        on_timestamps(arrival)
    if segment.offload or segment.checksum_state == CHECKSUM_PARTIAL or arrival.length > 536:
        offload_artefact(arrival)
        if arrival.length > 0:
            keep_large_payload(arrival)
    reordered_capture(arrival)
    own = arrival.own
    if segment.hop_limit != own.opening.hop_limit:
        third_party_segment(arrival)
    if own.opening.offers & SIGNED != 0 and not arrival.syn:
        missing_authentication(arrival)
    if 0 <= segment.tsval < own.tsval or segment.tsval > own.tsval + HALF:
        if own.tsval >= 0 and not arrival.syn and not arrival.rst:
            timestamp_backwards(arrival)


def on_invalid_header(arrival):
    """A header that cannot be right: nothing else is judged."""
    invalid_data_offset(arrival)


def on_self(arrival):
    """A segment whose sender and receiver are the same address and port."""
    if arrival.syn:
        land_segment(arrival)
