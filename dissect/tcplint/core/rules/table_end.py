"""Which rules are asked when a connection has ended, or the capture. The other half of core/rules/table.

Within a list the order is "one cause, one finding": a rule that names a fault more closely stands first.
"""

from .address import invalid_endpoint_address
from .capture_end import capture_ends_early, one_way_capture, sequence_gap
from .checksum import wrong_again
from .close_time import slow_fin_ack
from .crossing import crossing_counted_twice, unrefused_synack
from .early import sent_before_synack
from .filtered import filtered_capture
from .handshake_end import (
    half_open_handshake,
    handshake_retry_too_fast,
    refused_by_icmp,
    refused_by_reset,
    simultaneous_open,
    split_handshake,
    synack_without_syn,
    three_way_handshake,
    unanswered_syn,
)
from .many import unheard_host
from .payload import odd_mss, payload_exceeds_mss, unscaled_syn_window
from .probe import lone_probe
from .reopen import syn_dropped_in_time_wait
from .reset_after import reset_not_challenged
from .reset_extra import challenge_not_reset
from .reset_ignored import reset_ignored_in_syn_sent
from .retry import short_syn_effort
from .syn_data import early_responder_data, syn_data_not_resent
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
from .third_party import removed_numbers
from .third_step import acknowledged_initial_number
from .unheard import half_closed_peer_silent, unanswered_fin_in_time_wait
from .urgent import urgent_that_never_came


def at_end_of_lone_syn(ending):
    """A connection of a single SYN: of all rules that wait, these can speak. A flood has a million of them."""
    unheard_host(ending)
    unanswered_syn(ending)
    refused_by_icmp(ending)
    invalid_endpoint_address(ending)
    if ending.opener.opening.suspects is not None:
        syn_dropped_in_time_wait(ending)
    capture_ends_early(ending)


def at_end(ending):
    """A connection that retires, or the end of the capture.

    Most connections open and close in order, so rules about anything else are asked only where that was otherwise.
    """
    connection = ending.connection
    zero = connection.ends[0]
    one = connection.ends[1]
    opened = ending.handshake == "three-way"
    finished = ending.teardown == "four-way" or ending.teardown == "three-segment"
    suspected = zero.opening.suspects is not None or one.opening.suspects is not None
    if opened:
        three_way_handshake(ending)
    if opening_was_repeated(zero.opening) or opening_was_repeated(one.opening):
        handshake_retry_too_fast(ending)
    if not opened:
        refused_by_reset(ending)
        refused_by_icmp(ending)
    if suspected:
        sent_before_synack(ending)
        crossing_counted_twice(ending)
        acknowledged_initial_number(ending)
    if not opened:
        unheard_host(ending)
        unanswered_syn(ending)
        short_syn_effort(ending)
    if suspected:
        reset_ignored_in_syn_sent(ending)
        unrefused_synack(ending)
        syn_data_not_resent(ending)
        early_responder_data(ending)
    if not opened:
        half_open_handshake(ending)
        synack_without_syn(ending)
        simultaneous_open(ending)
        split_handshake(ending)
    closed_in_order(ending)
    if not finished:
        simultaneous_in_doubt(ending)
    half_close_with_data(ending)
    if not finished:
        unacknowledged_first_fin(ending)
    if not finished or ending.last_ack_inferred:
        unacknowledged_last_fin(ending)
    if close_was_watched(zero.closing) or close_was_watched(one.closing):
        ack_of_too_much(ending)
        half_closed_peer_silent(ending)
        unanswered_fin_in_time_wait(ending)
    slow_fin_ack(ending)
    lingering_half_close(ending)
    if not finished:
        no_close_seen(ending)
        abortive_close(ending)
    if len(connection.findings) > 0:
        reset_not_challenged(ending)
        challenge_not_reset(ending)
    if suspected:
        payload_exceeds_mss(ending)
    odd_mss(ending)
    unscaled_syn_window(ending)
    if connection.segments <= 2:
        lone_probe(ending)
    if suspected:
        urgent_that_never_came(ending)
    invalid_endpoint_address(ending)
    if suspected:
        wrong_again(ending)
    if connection.removed_numbers:
        removed_numbers(ending)
    filtered_capture(ending)
    if suspected:
        syn_dropped_in_time_wait(ending)
    if len(zero.gaps) > 0 or len(one.gaps) > 0:
        sequence_gap(ending)
    if zero.segments == 0 or one.segments == 0:
        one_way_capture(ending)
    capture_ends_early(ending)


def opening_was_repeated(opening):
    """Copies of a SYN or SYN-ACK were measured."""
    return len(opening.gaps) > 0 or len(opening.answer_gaps) > 0


def close_was_watched(closing):
    """What came behind the FIN asked for a closer look."""
    return closing.unheard is not None or closing.excess is not None
