"""Ladders through the real decoder and engine: what reaches the core, and what comes back."""

from tcplint.catalogue.load import load
from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.run import judge, run

HANDSHAKE = "0.000 > S\n0.020 < S.\n0.040 > .\n"
CLOSE = "1.000 > F.\n1.020 < .\n1.030 < F.\n1.050 > .\n"


def agrees(text):
    """No mismatch: every claim in the ladder holds."""
    story = parse(text)
    assert judge(story, run(story), load()) == []


def test_an_orderly_connection_walks_through_its_states():
    agrees("""
        > S      # client SYN-SENT, step handshake-1
        < S.     # server SYN-RECEIVED, step handshake-2
        > .      # client ESTABLISHED, server ESTABLISHED, step handshake-3
        > P. 10  # step data
        < .      # step ack
        > F.     # client FIN-WAIT-1, server ESTABLISHED, step close-1
        < .      # client FIN-WAIT-2, server CLOSE-WAIT, step close-2
        < F.     # client FIN-WAIT-2, server LAST-ACK, step close-3
        > .      # client TIME-WAIT, server CLOSED, step close-4
        = handshake three-way, teardown four-way, active-closer client, verdict conforms
        = client TIME-WAIT, server CLOSED, completeness 31, connections 1
    """)


def test_a_wrong_claim_about_a_state_is_found():
    story = parse(HANDSHAKE + "1.000 > F.  # client CLOSED\n1.020 < .\n1.030 < F.\n1.050 > .")
    assert judge(story, run(story), load()) == ["line 4: client is FIN-WAIT-1 instead of CLOSED after frame 4"]


def test_steps_are_kept_as_they_were_at_their_frame():
    outcome = run(parse(HANDSHAKE + CLOSE))
    assert [step.name for step in outcome.steps.values()] == [
        "handshake-1",
        "handshake-2",
        "handshake-3",
        "close-1",
        "close-2",
        "close-3",
        "close-4",
    ]


def test_pairs_of_addresses_are_connections_of_their_own():
    agrees("""
        > S
        b> S
        < S.
        b< S.
        > .
        b> .
        > F.
        < .
        b> F.
        b< .
        < F.
        > .
        b< F.
        b> .
        = connections 2
        = connection 0: handshake three-way, teardown four-way
        = connection 1: handshake three-way, teardown four-way
    """)


def test_the_same_story_over_ipv6_comes_out_the_same():
    agrees("ip6\n" + HANDSHAKE + CLOSE + "= handshake three-way, teardown four-way, verdict conforms")


def test_the_clock_starts_with_the_first_frame_of_the_capture():
    story = parse("capture from -130\n" + HANDSHAKE + CLOSE)
    assert frames(story)[0].time_ns + 130_000_000_000 == frames(story)[1].time_ns
    outcome = run(story)
    assert min(outcome.steps) == 2
    assert outcome.frame_of_line[2] == 2


def test_a_connection_that_retires_before_the_end_is_concluded_once():
    story = parse(HANDSHAKE + CLOSE + "b> S\n+400 b> S\n+400 b> S\n+400 b> S\n")
    outcome = run(story)
    assert outcome.conclusions[0].teardown == "four-way"
    keys = [(each.code, each.kind, each.frame, each.connection, each.verdict) for each in outcome.said]
    assert len(keys) == len(set(keys))


def test_an_icmp_error_reaches_the_engine_as_a_quotation():
    quotes = []

    class Engine:
        def __init__(self, settings):
            self.settings = settings

        def observe_quote(self, quote):
            quotes.append((quote.frame, quote.type, quote.code))

        def observe(self, segment):
            from tcplint.core.model import Step

            return Step()

        def tick(self, time):
            quotes.append(time)

        def retired(self):
            return []

        def take(self):
            return None

    run(parse("> S\nicmp < 3/1 quotes 1\n+5 tick"), engine=Engine)
    assert quotes == [(2, 3, 1), 5_010_000]
