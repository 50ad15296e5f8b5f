"""The words of other programs: Zeek's conn_state and history, the state of Linux conntrack.

What is expected stands in their documentation: the table of states and the table of letters in Zeek's description of
conn.log, the table of transitions of nf_conntrack and the meaning of its states. Each story is one line of these.
"""

import pytest

from tcplint.ladder.parse import parse
from tcplint.ladder.run import run

OPEN = "> S <mss 1460>\n< S. <mss 1460>\n> .\n"
DATA = "> P. 100\n< .\n< P. 200\n> .\n"
BY_CLIENT = "> F.\n< .\n< F.\n> .\n"
BY_SERVER = "< F.\n> .\n> F.\n< .\n"


def told(ladder: str) -> list[tuple[str, str, str]]:
    """conn_state, history, conntrack state of each connection."""
    conclusions = run(parse(ladder)).conclusions
    return [
        (one.zeek_state, "".join(one.zeek_history), one.conntrack)
        for one in sorted(conclusions.values(), key=lambda one: one.number)
    ]


def only(ladder: str) -> tuple[str, str, str]:
    (one,) = told(ladder)
    return one


# Zeek's conn_state, one story for each of its thirteen words.
CONN_STATES = {
    "S0: connection attempt seen, no reply": ("S0", "> S\n"),
    "S1: established, not terminated": ("S1", OPEN + DATA),
    "S1 without the third step, for a SYN-ACK establishes": ("S1", "> S\n< S.\n"),
    "SF: normal establishment and termination": ("SF", OPEN + DATA + BY_CLIENT),
    "SF whoever closes first": ("SF", OPEN + DATA + BY_SERVER),
    "SF without the last ACK, for nobody asks whether a FIN was acknowledged": ("SF", OPEN + "> F.\n< F.\n"),
    "REJ: attempt rejected": ("REJ", "> S\n< R.\n"),
    "S2: close attempt by originator, no reply from responder": ("S2", OPEN + "> F.\n< .\n"),
    "S3: close attempt by responder, no reply from originator": ("S3", OPEN + "< F.\n> .\n"),
    "RSTO: established, originator aborted": ("RSTO", OPEN + DATA + "> R.\n"),
    "RSTO after a SYN-ACK that its asker refuses": ("RSTO", "> S\n< S.\n> R\n"),
    "RSTR: responder sent a RST": ("RSTR", OPEN + DATA + "< R.\n"),
    "RSTOS0: SYN followed by a RST, no SYN-ACK": ("RSTOS0", "> S\n> R\n"),
    "RSTRH: SYN-ACK followed by a RST, no SYN": ("RSTRH", "< S. ack 1\n< R\n"),
    "SH: SYN followed by a FIN, no SYN-ACK": ("SH", "> S\n> F.\n"),
    "SHR: SYN-ACK followed by a FIN, no SYN": ("SHR", "< S. ack 1\n< F. ack 1\n"),
    "OTH: no SYN seen, just midstream traffic": ("OTH", "> P. 10 seq 5000 ack 7000\n< . ack 5010\n"),
}


@pytest.mark.parametrize("story", CONN_STATES)
def test_conn_state_is_the_word_that_zeek_documents(story: str) -> None:
    word, ladder = CONN_STATES[story]
    assert only(ladder)[0] == word


def test_stories_together_use_every_conn_state() -> None:
    words = ["S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH"]
    assert {word for word, _ in CONN_STATES.values()} == set(words)


# Zeek's history: one story for each letter and for each rule about repetition.
HISTORIES = {
    "capitals for the originator, each letter once": ("ShADadFf", OPEN + DATA + BY_CLIENT),
    "small letters first when the responder speaks and closes first": (
        "ShAdDafF",
        OPEN + "< P. 200\n> .\n> P. 100\n< .\n" + BY_SERVER,
    ),
    "a and d at most once in each direction": ("ShADad", OPEN + DATA + DATA + DATA),
    "a FIN with data is a FIN": ("ShAFf", OPEN + "> FP. 10\n< F.\n> .\n"),
    "a SYN repeated with its number is no new letter": ("Sh", "> S\n> S seq 0\n< S.\n"),
    "a FIN repeated with its number is no new letter": ("ShAF", OPEN + "> F. seq 1\n+0.3 > F. seq 1\n"),
    "a FIN with another number is one": ("ShAFF", OPEN + "> F. seq 1\n+0.3 > F. seq 11\n"),
    "a RST with another number is one": ("ShARR", OPEN + "> R seq 1\n> R seq 2\n"),
    "a SYN-ACK with another number is one": ("Shh", "> S\n< S. seq 0\n+1 < S. seq 1000\n"),
    "t: packet with retransmitted payload": ("ShADTa", OPEN + "> P. 100 seq 1\n+0.3 > P. 100 seq 1\n< . ack 101\n"),
    "g: a content gap": ("ShADaG", OPEN + "> P. 100 seq 1\nlost > P. 100\n< . ack 201\n"),
    "w: packet with a zero window": ("ShADaw", OPEN + "> P. 100\n< . win 0\n"),
    "no w for a window behind the peer's FIN": ("ShADFa", OPEN + "> P. 100\n> F.\n< . win 0\n"),
    "i: FIN and RST": ("ShAI", OPEN + "> FR.\n"),
    "q: SYN and FIN": ("Q", "> SF\n"),
    "c: bad checksum, and the packet goes no further": ("ShAC", "checksums\n" + OPEN + "> P. 10 sum bad\n"),
    "c: also behind data that were right": ("ShADadC", "checksums\n" + OPEN + DATA + "> P. 10 sum bad\n"),
    "^: direction flipped, for a SYN-ACK came first": ("^h", "< S. ack 1\n"),
}


@pytest.mark.parametrize("story", HISTORIES)
def test_history_has_the_letters_that_zeek_documents(story: str) -> None:
    letters, ladder = HISTORIES[story]
    assert only(ladder)[1] == letters


@pytest.mark.parametrize(("times", "letters"), [(1, 1), (9, 1), (10, 2), (99, 2), (100, 3)])
def test_retransmissions_are_recorded_when_they_are_one_ten_and_a_hundred(times: int, letters: int) -> None:
    again = "+0.3 > P. 100 seq 1\n" * times
    assert only(OPEN + "> P. 100 seq 1\n" + again)[1].count("T") == letters


@pytest.mark.parametrize(("times", "letters"), [(1, 1), (9, 1), (10, 2), (11, 2)])
def test_zero_windows_on_the_short_path_count_as_well(times: int, letters: int) -> None:
    full = "> P. 100\n< . win 0\n" * times
    assert only(OPEN + DATA + full)[1].count("w") == letters


# conntrack: the meaning of its states, and the rows of its table that have a tale.
TRACKED = {
    "SYN_SENT: SYN-only packet seen": ("SYN_SENT", "> S\n"),
    "SYN_SENT2: SYN-only packet seen from the reply direction": ("SYN_SENT2", "> S\n< S ack =0\n"),
    "SYN_RECV: SYN-ACK packet seen": ("SYN_RECV", "> S\n< S.\n"),
    "ESTABLISHED: ACK packet seen": ("ESTABLISHED", OPEN),
    "ESTABLISHED by data that stand for the ACK": ("ESTABLISHED", "> S\n< S.\n> P. 10\n"),
    "FIN_WAIT: FIN packet seen": ("FIN_WAIT", OPEN + "> F.\n"),
    "CLOSE_WAIT: ACK seen after FIN": ("CLOSE_WAIT", OPEN + "> F.\n< .\n"),
    "LAST_ACK: FIN seen after FIN": ("LAST_ACK", OPEN + "> F.\n< .\n< F.\n"),
    "LAST_ACK in three segments": ("LAST_ACK", OPEN + "> F.\n< F.\n"),
    "TIME_WAIT: last ACK seen": ("TIME_WAIT", OPEN + DATA + BY_CLIENT),
    "TIME_WAIT: whoever closes first": ("TIME_WAIT", OPEN + DATA + BY_SERVER),
    "CLOSE: closed connection (RST)": ("CLOSE", OPEN + "< R.\n"),
    "CLOSE: refused": ("CLOSE", "> S\n< R.\n"),
    "an entry with only a RST for an answer is deleted, an ACK makes another": (
        "ESTABLISHED",
        "> S\n< R seq 5\n< S. seq 0 ack 1\n> . seq 1 ack 1\n",
    ),
    "simultaneous open, two SYN-ACKs": ("SYN_RECV", "> S\n< S seq 0\n> S. seq 0 ack 1\n< S. seq 0 ack 1\n"),
    "the asker cannot acknowledge before the answer": ("SYN_SENT", "> S\n> . seq 1 ack 1\n"),
    "the answerer may, for it may hold an older connection": ("SYN_SENT", "> S\n< . seq 1 ack 1\n"),
    "no FIN is believed before the answer": ("SYN_SENT", "> S\n> F. seq 1 ack 1\n"),
    "a FIN is, from SYN_RECV": ("FIN_WAIT", "> S\n< S.\n> F. seq 1 ack 1\n"),
    "a SYN-ACK once more is ignored": ("SYN_RECV", "> S\n< S.\n+1 < S. seq 0 ack 1\n"),
    "a SYN-ACK that acknowledges too much is invalid": ("SYN_SENT", "> S\n< S. ack 5\n"),
    "SYN and FIN are an invalid combination": ("", "> SF\n"),
    "a FIN without ACK is an invalid combination": ("ESTABLISHED", OPEN + "> F\n"),
    "picked up in the middle by an ACK": ("ESTABLISHED", "> P. 10 seq 5000 ack 7000\n"),
    "not picked up by a FIN": ("", "> F. seq 5000 ack 7000\n"),
    "a RST below what was acknowledged is invalid": ("ESTABLISHED", OPEN + DATA + "< R seq 100\n"),
    "a RST in the window waits for the challenge ACK": ("ESTABLISHED", OPEN + DATA + "< R seq 300\n"),
    "a repeated FIN passes for the other one": ("LAST_ACK", OPEN + "> F. seq 1\n+0.3 > F. seq 1\n"),
}


@pytest.mark.parametrize("story", TRACKED)
def test_conntrack_state_is_the_one_of_its_table(story: str) -> None:
    word, ladder = TRACKED[story]
    assert only(ladder)[2] == word


def test_copy_that_only_the_capture_made_is_a_retransmission_for_zeek_and_nothing_for_conntrack() -> None:
    state, history, tracked = only(OPEN + "> P. 100\ndup\n< .\n> F.\ndup\n")
    assert (state, history, tracked) == ("S2", "ShADTaF", "FIN_WAIT")


def test_next_connection_of_a_pair_begins_a_new_word() -> None:
    first = OPEN + DATA + BY_CLIENT
    assert told(first + "isn 900000000 700000000\n+1 > S\n< R.\n") == [
        ("SF", "ShADadFf", "TIME_WAIT"),
        ("REJ", "Sr", "CLOSE"),
    ]
