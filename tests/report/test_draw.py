"""The geometry of a ladder: columns line up, whatever stands in them."""

import pytest

from tcplint.ladder.draw import Rung, arrow, draw, flag_names, number_text, seconds
from tcplint.ladder.width import pad, width

HEADS = Rung("frame", "time", "client", True, "", "", "server", "step")
SYN = Rung("1", "0.000000", "SYN-SENT", True, "SYN", "seq 0", "LISTEN", "handshake 1/3")
SYN_ACK = Rung("2", "0.020000", "SYN-SENT", False, "SYN,ACK", "seq 0 ack 1", "SYN-RECEIVED", "handshake 2/3")


def test_handshake_is_drawn_as_a_textbook_draws_it() -> None:
    assert draw(HEADS, [SYN, SYN_ACK], 90) == [
        "frame     time  client                                         server        step",
        "    1 0.000000  SYN-SENT  ── SYN seq 0 ─────────────────────▶  LISTEN        handshake 1/3",
        "    2 0.020000  SYN-SENT  ◀─────────── SYN,ACK seq 0 ack 1 ──  SYN-RECEIVED  handshake 2/3",
    ]


@pytest.mark.parametrize("columns", [40, 80, 100, 200])
def test_every_arrow_begins_and_ends_in_the_same_columns(columns: int) -> None:
    _, right, left, *_ = draw(HEADS, [SYN, SYN_ACK], columns)
    assert right.index("──") == left.index("◀")
    assert right.index("▶") == left.rindex("─")


def test_numbers_too_long_for_the_arrow_go_to_the_line_below() -> None:
    long = SYN_ACK._replace(numbers="seq 4000000000 ack 4000000001 len 65000")
    lines = draw(HEADS, [long], 60)
    assert "SYN,ACK" in lines[1]
    assert lines[2].strip() == "seq 4000000000 ack 4000000001 len 65000"


def test_chinese_words_take_two_columns_and_arrows_still_line_up() -> None:
    chinese = SYN._replace(client="同步已发送", server="收听")
    lines = draw(HEADS, [chinese, SYN_ACK], 100)
    assert width(lines[1].split("──")[0]) == width(lines[2].split("◀")[0])


def test_ladder_of_ordinary_states_fits_a_hundred_columns() -> None:
    rung = Rung(
        "99999", "9999.999999", "SYN-RECEIVED", True, "PSH,ACK", "seq 1 ack 1 len 1460", "SYN-RECEIVED", "x" * 16
    )
    assert max(width(line) for line in draw(HEADS, [rung], 100)) <= 100


def test_marks_stand_below_their_rung() -> None:
    lines = draw(HEADS, [SYN._replace(marks=["└─ error"]), SYN_ACK], 100)
    assert lines[2] == "      └─ error"


def test_small_texts() -> None:
    assert arrow("SYN", True, 12) == "──SYN──────▶"
    assert arrow("SYN", False, 12) == "◀──────SYN──"
    assert flag_names(0x012) == "SYN,ACK"
    assert flag_names(0x011) == "FIN,ACK"
    assert flag_names(0) == "no flags"
    assert number_text(1, 2, 0, has_ack=False) == "seq 1"
    assert number_text(1, 2, 9, has_ack=True) == "seq 1 ack 2 len 9"
    assert seconds(-250) == "-0.000250"
    assert seconds(12_500_000) == "12.500000"
    assert pad("收", 4) == "收  "
    assert pad("ab", 1) == "ab"
