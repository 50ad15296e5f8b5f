"""Which rules hear of which event: the place where rules are registered, for every runtime.

What a header says by itself stands in core/rules/table_header, what waits for the end of a connection in
core/rules/table_end.

Rules are not asked for every segment: a plain data or ACK segment of an established connection meets none of the
lists below. Within a list the order is "one cause, one finding": a rule that names a fault more closely stands first,
and those that yield to it ask whether it has fired.
"""

from ..model import AE, CWR, ECE
from ..offer import MULTIPATH, NO_SCALE, NO_STAMPS, SIGNED
from .accurate_ecn import accurate_answer, unknown_ecn_setup
from .capture import acknowledged_unseen_data, capture_starts_mid_stream
from .changed import options_changed_in_retry
from .close_time import reset_from_time_wait
from .cookie import syn_cookie_shape
from .crossing import (
    half_open_recovery,
    keep_unacceptable_synack,
    old_duplicate_syn,
    simultaneous_open_wrong_number,
    unexpected_ack_to_syn,
)
from .early import fin_in_syn_received, keep_early
from .extensions import multipath_answer, unsigned_answer
from .handshake import (
    accepted_wrong_number,
    challenge_provokes_syn,
    early_response,
    fast_open,
    malformed_opening_syn,
    measure_syn_gap,
    measure_synack_gap,
    provokes_syn,
    syn_retransmission,
    syn_with_data,
    synack_acks_wrong_number,
    synack_retransmission_changed,
    third_step,
)
from .header import bare_fin, missing_ack_flag, xmas_segment
from .many import synack_waits, synack_waits_no_more
from .negotiation import ecn_capable_syn, half_ecn_setup, unoffered_window_scale, unrequested_ecn
from .numbers import initial_numbers
from .probe import answered_probe
from .reopen import (
    active_closer_reopens_early,
    hear_old_reply,
    isn_inside_old_connection,
    keep_try,
    no_quiet_time,
    opened_unseen,
    time_wait_reopen_ineligible_syn,
)
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
from .reset_after import inexact_reset, reset_challenged, traffic_after_own_reset
from .reset_extra import (
    challenge_reset_wrong_number,
    keep_full_window,
    reset_with_data,
    reset_with_timestamp,
    unread_data_orderly_close,
)
from .reset_ignored import keep_ignored, reset_answering_reset, traffic_after_received_reset
from .reset_number import reset_outside_window, reset_reply_wrong_number, reset_wrong_ack_field
from .retry import no_handshake_fallback, no_synack_fallback
from .reuse import delayed_old_segment, reused_connection_pair, syn_inside_connection, time_wait_reopen_wrong_iss
from .syn_data import (
    keep_data_behind_syn_data,
    keep_early_response,
    still_without_syn_data,
    syn_data_acknowledged_in_part,
    third_step_behind_data,
)
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
from .third_step import prove_third_step, split_third_step, third_step_wrong_number
from .timestamps import nonzero_tsecr_in_syn, unoffered_timestamps, wrong_echo_of_syn, wrong_echo_of_synack
from .twice import same_answer_elsewhere
from .unheard import hear, keep_repeated


def on_first(arrival):
    """The first segment of a connection, when it has no SYN."""
    capture_starts_mid_stream(arrival)


def on_delayed(arrival):
    """A segment of an incarnation that is gone."""
    delayed_old_segment(arrival)
    provokes_syn(arrival)
    hear_old_reply(arrival)
    if arrival.rst:
        old_duplicate_syn(arrival)
    elif arrival.syn and arrival.has_ack:
        keep_unacceptable_synack(arrival)


def on_syn(arrival):
    """A SYN without ACK."""
    malformed_opening_syn(arrival)
    if arrival.connection.reuse_of >= 0:
        reused_connection_pair(arrival)
        active_closer_reopens_early(arrival)
        isn_inside_old_connection(arrival)
        no_quiet_time(arrival)
        keep_try(arrival)
    syn_retransmission(arrival)
    measure_syn_gap(arrival)
    no_handshake_fallback(arrival)
    options_changed_in_retry(arrival)
    syn_with_data(arrival)
    fast_open(arrival)
    segment = arrival.segment
    if segment.tsecr > 0:
        nonzero_tsecr_in_syn(arrival)
    if segment.flags & ECE != 0 or segment.flags & CWR != 0:
        half_ecn_setup(arrival)
    if segment.flags & AE != 0:
        unknown_ecn_setup(arrival)
    if segment.ecn > 0:
        ecn_capable_syn(arrival)
    delayed_old_segment(arrival)
    if arrival.rst:
        old_duplicate_syn(arrival)
    elif arrival.syn and arrival.has_ack:
        keep_unacceptable_synack(arrival)


def on_syn_inside(arrival):
    """A SYN that opened a pending incarnation, looked at from the living connection."""
    syn_inside_connection(arrival)


def on_synack(arrival):
    """A SYN with ACK."""
    synack_acks_wrong_number(arrival)
    keep_unacceptable_synack(arrival)
    simultaneous_open_wrong_number(arrival)
    synack_retransmission_changed(arrival)
    synack_waits(arrival)
    measure_synack_gap(arrival)
    no_synack_fallback(arrival)
    if arrival.peer.opening.length > 0:
        syn_data_acknowledged_in_part(arrival)
    if arrival.connection.reuse_of >= 0:
        time_wait_reopen_wrong_iss(arrival)
        time_wait_reopen_ineligible_syn(arrival)
        reused_connection_pair(arrival)
        isn_inside_old_connection(arrival)
    state_lost(arrival)
    fast_open(arrival)
    segment = arrival.segment
    asked = arrival.peer.opening
    if asked.offers & NO_SCALE != 0:
        unoffered_window_scale(arrival)
    if asked.offers & NO_STAMPS != 0:
        unoffered_timestamps(arrival)
    if segment.tsecr >= 0 and segment.tsecr != asked.tsval:
        wrong_echo_of_syn(arrival)
    if segment.flags & ECE != 0:
        unrequested_ecn(arrival)
    if segment.flags & CWR != 0 or segment.flags & AE != 0:
        accurate_answer(arrival)
    if segment.options.mptcp >= 0 or asked.offers & MULTIPATH != 0:
        multipath_answer(arrival)
    if asked.offers & SIGNED != 0:
        unsigned_answer(arrival)
    options_changed_in_retry(arrival)
    syn_cookie_shape(arrival)
    same_answer_elsewhere(arrival)
    if segment.ecn > 0:
        ecn_capable_syn(arrival)


def on_opening_ack(arrival):
    """A segment with ACK, without SYN or RST, of an end that has not yet acknowledged its peer's SYN."""
    accepted_wrong_number(arrival)
    third_step_wrong_number(arrival)
    if arrival.segment.tsecr >= 0 and arrival.segment.tsecr != arrival.peer.opening.tsval:
        wrong_echo_of_synack(arrival)
    third_step_behind_data(arrival)
    third_step(arrival)
    if arrival.connection.third_frame == arrival.frame:
        opened_unseen(arrival)
        initial_numbers(arrival)
        synack_waits_no_more(arrival)
    keep_early(arrival)
    unexpected_ack_to_syn(arrival)


def on_opening_data(arrival):
    """Payload of an end whose SYN is not yet acknowledged."""
    early_response(arrival)
    keep_early_response(arrival)


def after_syn_data(arrival):
    """Neither SYN nor RST, in a connection whose SYN carried data."""
    if arrival.length > 0 and arrival.own.opening.length > 0:
        keep_data_behind_syn_data(arrival)
    elif arrival.has_ack and arrival.peer.opening.length > 0:
        still_without_syn_data(arrival)


def on_challenge(arrival):
    """A segment of a living connection while a SYN inside it waits for its answer."""
    syn_challenged(arrival)
    challenge_provokes_syn(arrival)


def on_missing_ack(arrival):
    """A segment with neither ACK nor SYN nor RST."""
    xmas_segment(arrival)
    bare_fin(arrival)
    missing_ack_flag(arrival)


def on_ack(arrival):
    """A segment with ACK that does not take the short path."""
    if arrival.connection.early_ack:
        split_third_step(arrival)
    if arrival.peer.opening.suspects is not None:
        prove_third_step(arrival)
    acknowledged_unseen_data(arrival)
    ack_beyond_fin(arrival)


def on_fin(arrival):
    """A segment with FIN."""
    fin_in_syn_received(arrival)
    fin_without_ack(arrival)
    fin_before_end_of_data(arrival)
    moved_fin(arrival)
    keep_full_window(arrival)
    fin_with_data(arrival)
    fin_retransmission(arrival)


def after_fin(arrival):
    """A segment of an end that has already sent its FIN."""
    data_after_fin(arrival)
    wrong_seq_after_fin(arrival)
    nothing_behind_fin(arrival)
    segment_after_close(arrival)


def after_peer_fin(arrival):
    """Data or a FIN, to an end that has already sent its FIN."""
    keep_repeated(arrival)


def of_silent_end(arrival):
    """Any segment of an end that has left something unanswered since its FIN."""
    hear(arrival)


def on_rst(arrival):
    """A segment with RST."""
    answered_probe(arrival)
    prove_third_step(arrival)
    provokes_syn(arrival)
    hear_old_reply(arrival)
    synack_waits_no_more(arrival)
    refusal_wrong_number(arrival)
    keep_ignored(arrival)
    reset_after_synack(arrival)
    old_duplicate_syn(arrival)
    implausible_reset_number(arrival)
    reset_outside_window(arrival)
    reset_wrong_ack_field(arrival)
    inexact_reset(arrival)
    half_open_recovery(arrival)
    reset_reply_wrong_number(arrival)
    challenge_reset_wrong_number(arrival)
    reset_answering_reset(arrival)
    unread_data_orderly_close(arrival)
    reset_after_own_fin(arrival)
    reset_from_time_wait(arrival)
    reset_after_both_fins(arrival)
    reset_for_dead_connection(arrival)
    reset_with_data(arrival)
    reset_with_timestamp(arrival)


def on_foreign_rst(arrival):
    """A RST far from all numbers of the only connection on its pair."""
    reset_outside_window(arrival)
    old_duplicate_syn(arrival)


def after_rst(arrival):
    """Neither SYN nor RST, of an end that has sent a RST, or whose peer has."""
    if arrival.own.closing.rst_frame > 0:
        traffic_after_own_reset(arrival)
    if arrival.peer.closing.rst_frame > 0:
        reset_challenged(arrival)
        traffic_after_received_reset(arrival)
