"""Which rules hear of which event. This is the one place where rules are registered, for every runtime.

Rules are not asked for every segment: a plain data or ACK segment of an established connection meets none of the
lists below. Within a list the order is "one cause, one finding": a rule that names a fault more closely stands first,
and those that yield to it ask whether it has fired.
"""

from ..model import CHECKSUM_PARTIAL, OPTIONS_SOUND, RESERVED
from .capture import (
    acknowledged_unseen_data,
    capture_starts_mid_stream,
    offload_artefact,
    reordered_capture,
    truncated_header,
)
from .capture_end import capture_ends_early, one_way_capture, sequence_gap
from .handshake import (
    accepted_wrong_number,
    early_response,
    fast_open,
    malformed_opening_syn,
    measure_syn_gap,
    measure_synack_gap,
    syn_retransmission,
    syn_with_data,
    synack_acks_wrong_number,
    synack_retransmission_changed,
    third_step,
    third_step_wrong_number,
)
from .handshake_end import (
    half_open_handshake,
    handshake_retry_too_fast,
    refused_by_reset,
    simultaneous_open,
    split_handshake,
    synack_without_syn,
    three_way_handshake,
    unanswered_syn,
)
from .header import (
    bare_fin,
    invalid_data_offset,
    land_segment,
    missing_ack_flag,
    null_segment,
    reserved_bits_set,
    reset_with_syn_or_fin,
    syn_with_fin,
    xmas_segment,
)
from .options import malformed_option, malformed_option_list
from .reset import (
    implausible_reset_number,
    refusal_wrong_number,
    reset_after_both_fins,
    reset_after_own_fin,
    reset_after_synack,
    reset_for_dead_connection,
    state_lost,
    syn_challenged,
)
from .reuse import delayed_old_segment, reused_connection_pair, syn_inside_connection, time_wait_reopen_wrong_iss
from .teardown import (
    ack_beyond_fin,
    data_after_fin,
    fin_before_end_of_data,
    fin_retransmission,
    fin_with_data,
    fin_without_ack,
    moved_fin,
    nothing_behind_fin,
    segment_after_close,
    wrong_seq_after_fin,
)
from .teardown_end import (
    abortive_close,
    ack_of_too_much,
    closed_in_order,
    half_close_with_data,
    lingering_half_close,
    no_close_seen,
    simultaneous_in_doubt,
    unacknowledged_first_fin,
    unacknowledged_last_fin,
)


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
    options = segment.options
    if options.malformed != OPTIONS_SOUND or options.wrong_length >= 0 or options.duplicate >= 0:
        malformed_option_list(arrival)
        malformed_option(arrival)
    if segment.offload or segment.checksum_state == CHECKSUM_PARTIAL or arrival.length > 536:
        offload_artefact(arrival)
    reordered_capture(arrival)


def on_invalid_header(arrival):
    """A header that cannot be right: nothing else is judged."""
    invalid_data_offset(arrival)


def on_self(arrival):
    """A segment whose sender and receiver are the same address and port."""
    if arrival.syn:
        land_segment(arrival)


def on_first(arrival):
    """The first segment of a connection, when it has no SYN."""
    capture_starts_mid_stream(arrival)


def on_delayed(arrival):
    """A segment of an incarnation that is gone."""
    delayed_old_segment(arrival)


def on_syn(arrival):
    """A SYN without ACK."""
    malformed_opening_syn(arrival)
    reused_connection_pair(arrival)
    syn_retransmission(arrival)
    measure_syn_gap(arrival)
    syn_with_data(arrival)
    fast_open(arrival)
    delayed_old_segment(arrival)


def on_syn_inside(arrival):
    """A SYN that opened a pending incarnation, looked at from the living connection."""
    syn_inside_connection(arrival)


def on_synack(arrival):
    """A SYN with ACK."""
    synack_acks_wrong_number(arrival)
    synack_retransmission_changed(arrival)
    measure_synack_gap(arrival)
    time_wait_reopen_wrong_iss(arrival)
    reused_connection_pair(arrival)
    state_lost(arrival)
    fast_open(arrival)


def on_opening_ack(arrival):
    """A segment with ACK, without SYN or RST, of an end that has not yet acknowledged its peer's SYN."""
    accepted_wrong_number(arrival)
    third_step_wrong_number(arrival)
    third_step(arrival)


def on_opening_data(arrival):
    """Payload of an end whose SYN is not yet acknowledged."""
    early_response(arrival)


def on_challenge(arrival):
    """A segment of a living connection while a SYN inside it waits for its answer."""
    syn_challenged(arrival)


def on_missing_ack(arrival):
    """A segment with neither ACK nor SYN nor RST."""
    xmas_segment(arrival)
    bare_fin(arrival)
    missing_ack_flag(arrival)


def on_ack(arrival):
    """A segment with ACK that does not take the short path."""
    acknowledged_unseen_data(arrival)
    ack_beyond_fin(arrival)


def on_fin(arrival):
    """A segment with FIN."""
    fin_without_ack(arrival)
    fin_before_end_of_data(arrival)
    moved_fin(arrival)
    fin_with_data(arrival)
    fin_retransmission(arrival)


def after_fin(arrival):
    """A segment of an end that has already sent its FIN."""
    data_after_fin(arrival)
    wrong_seq_after_fin(arrival)
    nothing_behind_fin(arrival)
    segment_after_close(arrival)


def on_rst(arrival):
    """A segment with RST."""
    refusal_wrong_number(arrival)
    reset_after_synack(arrival)
    implausible_reset_number(arrival)
    reset_after_own_fin(arrival)
    reset_after_both_fins(arrival)
    reset_for_dead_connection(arrival)


def at_end_of_lone_syn(ending):
    """A connection of a single SYN: of all rules that wait, these two can speak. A flood has a million of them."""
    unanswered_syn(ending)
    capture_ends_early(ending)


def at_end(ending):
    """A connection that retires, or the end of the capture."""
    three_way_handshake(ending)
    handshake_retry_too_fast(ending)
    refused_by_reset(ending)
    unanswered_syn(ending)
    half_open_handshake(ending)
    synack_without_syn(ending)
    simultaneous_open(ending)
    split_handshake(ending)
    closed_in_order(ending)
    simultaneous_in_doubt(ending)
    half_close_with_data(ending)
    unacknowledged_first_fin(ending)
    unacknowledged_last_fin(ending)
    ack_of_too_much(ending)
    lingering_half_close(ending)
    no_close_seen(ending)
    abortive_close(ending)
    sequence_gap(ending)
    one_way_capture(ending)
    capture_ends_early(ending)
