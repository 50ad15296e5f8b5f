"""The ladder notation: what each word means, and what is said of a word that means nothing."""

import pytest

from tcplint.core import model
from tcplint.ladder.parse import parse
from tcplint.ladder.story import (
    STATES,
    Claim,
    CopyLine,
    Endpoint,
    Expected,
    IcmpLine,
    LadderError,
    Number,
    NumbersLine,
    Option,
    SegmentLine,
    TickLine,
)
from tcplint.report import words as report_words


def segment(text):
    """The last segment of a ladder."""
    return [line for line in parse(text).lines if isinstance(line, SegmentLine)][-1]


def times_ms(text):
    return [line.time_ns / 1_000_000 for line in parse(text).lines]


def test_lines_without_a_time_follow_ten_milliseconds_apart_and_the_first_is_at_zero():
    assert times_ms("> S\n< S.\n> .") == [0, 10, 20]


def test_a_plus_counts_from_the_line_before_and_a_bare_time_from_zero():
    assert times_ms("0.5 > S\n+0.25 < S.\n0.040 > .") == [500, 750, 40]


def test_nanoseconds_are_kept_exactly():
    assert segment("1.000000001 > S").time_ns == 1_000_000_001


def test_a_copy_follows_after_a_tenth_of_a_millisecond_unless_a_time_is_given():
    assert times_ms("> S\ndup\ndup +0.010\n+0.5 dup") == [0, 0.1, 10.1, 510.1]


@pytest.mark.parametrize(("direction", "pair", "side"), [(">", "a", 0), ("<", "a", 1), ("b>", "b", 0), ("z<", "z", 1)])
def test_a_direction_names_the_pair_and_the_side(direction, pair, side):
    line = segment(f"{direction} S")
    assert (line.pair, line.side) == (pair, side)


@pytest.mark.parametrize(
    ("letters", "flags"),
    [("S", 0x002), ("S.", 0x012), ("FP.", 0x019), ("R", 0x004), ("-", 0), ("SEWA", 0x1C2), ("U.", 0x030)],
)
def test_flags_are_the_letters_of_tcpdump(letters, flags):
    assert segment(f"> {letters}").flags == flags


def test_a_number_behind_the_flags_is_the_payload_length():
    assert segment("> P. 120").length == 120


def test_sequence_numbers_are_relative_raw_or_negative():
    line = segment("> . seq -1 ack =4294967295")
    assert (line.seq, line.ack) == (Number(-1), Number(4294967295, raw=True))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("win", 512),
        ("ttl", 63),
        ("id", 7),
        ("urg", 3),
        ("doff", 15),
        ("ecn", 3),
        ("vlan", 42),
        ("reserved", 7),
        ("pad", 6),
        ("trailer", 4),
        ("iplen", 0),
        ("link", 2),
        ("interface", 1),
    ],
)
def test_every_key_of_a_segment_is_kept(key, value):
    assert segment(f"> . {key} {value}").fields == {key: value}


@pytest.mark.parametrize(("text", "checksum"), [("bad", "bad"), ("partial", "partial"), ("0xbeef", 0xBEEF), ("0", 0)])
def test_a_checksum_is_a_number_or_a_word(text, checksum):
    assert segment(f"> . sum {text}").checksum == checksum


def test_options_keep_their_order_and_values():
    options = segment(
        "> S <mss 1460, nop, wscale 7, sackok, ts 10/0, sack 1:100 -5:=9, tfo, tfo 0011, raw 0204>"
    ).options
    assert options == [
        Option("mss", "1460"),
        Option("nop", ""),
        Option("wscale", "7"),
        Option("sackok", ""),
        Option("ts", "10/0"),
        Option("sack", "1:100 -5:=9"),
        Option("tfo", ""),
        Option("tfo", "0011"),
        Option("raw", "0204"),
    ]


def test_a_lost_line_is_a_segment_that_was_not_captured():
    assert [line.lost for line in parse("> S\nlost < S.\n0.5 lost > .").lines] == [False, True, True]


def test_a_copy_is_of_the_last_packet_unless_another_is_named():
    copies = [line for line in parse("> S\n< S.\ndup\ndup ttl 63\ndup 1").lines if isinstance(line, CopyLine)]
    assert [(copy.of, copy.fields) for copy in copies] == [(2, {}), (3, {"ttl": 63}), (1, {})]


def test_an_icmp_error_names_type_code_and_the_packet_it_quotes():
    line = parse("> S\nicmp < 3/1 quotes 1 short ttl 60").lines[-1]
    assert isinstance(line, IcmpLine)
    assert (line.side, line.type, line.code, line.quotes, line.short, line.fields) == (1, 3, 1, 1, True, {"ttl": 60})


def test_heads_describe_the_capture():
    story = parse(
        "ip6\nchecksums\nsnaplen 54\nonly >\ncapture from -130\ncapture to 300\npair b 10.0.0.1:0 > [::1]:80\n> S"
    )
    assert (story.ipv6, story.checksums, story.snaplen, story.only) == (True, True, 54, ">")
    assert (story.runs_from_ns, story.runs_to_ns) == (-130_000_000_000, 300_000_000_000)
    assert story.addresses == {"b": (Endpoint("10.0.0.1", 0), Endpoint("::1", 80))}


def test_isn_holds_from_its_line_on_and_for_its_pair():
    first, second, third = [
        line for line in parse("isn 1 2\n> S\nisn b 3 4\nisn 5").lines if isinstance(line, NumbersLine)
    ]
    assert (first.pair, first.client, first.server) == ("a", 1, 2)
    assert (second.pair, second.client, second.server) == ("b", 3, 4)
    assert third.client == 5


def test_tick_is_an_unrelated_frame():
    assert isinstance(parse("> S\n+2 tick").lines[-1], TickLine)


def test_comments_and_blank_lines_say_nothing():
    assert len(parse("# a story\n\n   \n> S\n").lines) == 1


def test_expectations_behind_a_packet_are_about_its_line():
    story = parse(
        "> S\n> F.  # data-after-fin/new-data by client, TD005: inconclusive hole, client FIN-WAIT-1, step reset"
    )
    assert story.expected == [
        Expected("data-after-fin", kind="new-data", side="client", line=2, at=2),
        Expected("TD005", verdict="inconclusive", why="hole", line=2, at=2),
    ]
    assert story.claims == [Claim("client", "FIN-WAIT-1", 2, 2), Claim("step", "reset", 2, 2)]


def test_expectations_at_the_end_are_about_the_whole_or_one_connection():
    story = parse("> S\n= handshake three-way, no TD004\n= connection 1: verdict warns, moved-fin: violates")
    assert story.claims == [Claim("handshake", "three-way", 2), Claim("verdict", "warns", 3, connection=1)]
    assert story.expected == [
        Expected("TD004", absent=True, line=2),
        Expected("moved-fin", verdict="violates", line=3, connection=1),
    ]


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", 1, "the ladder holds no packet"),
        ("= verdict conforms", 1, "the ladder holds no packet"),
        ("> S\n>> S", 2, "neither a direction"),
        ("> X", 1, "'X' in 'X' is no flag"),
        ("> SS", 1, "flag 'S' stands twice"),
        (">", 1, "flags are missing"),
        ("0.5", 1, "no packet behind it"),
        ("0.0000000001 > S", 1, "neither a direction"),
        ("> S wim 5", 1, "unknown key 'wim'; did you mean 'win'?"),
        ("> S win", 1, "key 'win' has no value"),
        ("> S win 5 win 6", 1, "key 'win' stands twice"),
        ("> S win 65536", 1, "win: 65536 does not fit into 16 bits"),
        ("> S ttl x", 1, "ttl: 'x' is not a number"),
        ("> S seq 1e3", 1, "seq: '1e3' is not a sequence number"),
        ("> S seq =4294967296", 1, "does not fit into 32 bits"),
        ("> S sum worse", 1, "sum: 'worse' is not a number"),
        ("> S <mss>", 1, "option mss: '' has not the form"),
        ("> S <nop 1>", 1, "option nop: '1' has not the form"),
        ("> S <msss 1>", 1, "unknown option 'msss'; did you mean 'mss'?"),
        ("> S <mss 1460,>", 1, "a comma too many"),
        ("> S <mss 1460> ttl 5", 1, "unknown key '<mss'"),
        ("> S mss 1460>", 1, "options must stand between '<' and '>'"),
        ("dup", 1, "only a segment can be doubled"),
        ("> S\nicmp < 3/1 quotes 1\ndup", 3, "only a segment can be doubled"),
        ("> S\ndup 2", 2, "there is no packet 2 before this line"),
        ("> S\ndup seq 5", 2, "unknown key 'seq'"),
        ("icmp < 3/1 quotes 1\n> S", 1, "there is no packet 1 before this line"),
        ("> S\nicmp < 3 quotes 1", 2, "'3' is not TYPE/CODE"),
        ("> S\nicmp < 3/1", 2, "write: icmp DIR TYPE/CODE quotes N"),
        ("> S\ntick 5", 2, "tick stands alone"),
        ("tick <mss 1>\n> S", 1, "tick takes no TCP options"),
        ("only both\n> S", 1, "write: only > or only <"),
        ("snaplen 0\n> S", 1, "snaplen must be at least 1"),
        ("snaplen\n> S", 1, "snaplen takes one number"),
        ("isn\n> S", 1, "isn takes one or two numbers"),
        ("ip6 yes\n> S", 1, "ip6 stands alone"),
        ("checksums no\n> S", 1, "checksums stands alone"),
        ("capture at 5\n> S", 1, "write: capture from SECONDS"),
        ("capture to noon\n> S", 1, "'noon' is not a time"),
        ("pair b 10.0.0.1 > 10.0.0.2:5\n> S", 1, "'10.0.0.1' is not ADDRESS:PORT"),
        ("ip6  # data-after-fin\n> S", 1, "an expectation needs a frame"),
        ("> S  # data-after-fin: perhaps", 1, "'perhaps' is no verdict"),
        ("> S  # data-after-fin: inconclusive because", 1, "'because' is no missing evidence"),
        ("> S  # data-after-fin: violates hole", 1, "only 'inconclusive' names"),
        ("> S  # client SLEEPING", 1, "'SLEEPING' is no state"),
        ("> S  # handshake three-way", 1, "'handshake' is about the connection"),
        ("> S  # connection 0: data-after-fin", 1, "a frame belongs to one connection"),
        ("> S  # data after fin", 1, "is no expectation"),
        ("> S\n= step handshake-1", 2, "stands behind '#'"),
        ("> S\n= verdict", 2, "'verdict' has no value"),
        ("> S\n= verdict conforms,", 2, "is no expectation"),
    ],
)
def test_a_line_that_means_nothing_is_refused_with_its_number(text, line, complaint):
    with pytest.raises(LadderError) as caught:
        parse(text)
    assert caught.value.line == line
    assert complaint in caught.value.message
    assert str(caught.value) == f"line {line}: {caught.value.message}"


def test_the_states_of_ladders_are_those_of_the_core_and_of_the_reports():
    assert STATES == report_words.STATES
    for number, name in enumerate(STATES):
        assert getattr(model, name.replace("-", "_")) == number
