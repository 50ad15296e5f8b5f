"""All eleven states of RFC 9293 §3.3.2 come out, at both ends, each where the RFC's figures have it.

The stories are those of the RFC: figures 6, 7, 12 and 13, closed by either end, and the variants a capture shows. The
expected states stand in the ladders; the last test asks that together they leave no state out.
"""

import re

import pytest

from tcplint.catalogue.load import load
from tcplint.ladder.parse import parse
from tcplint.ladder.run import judge, run

OPEN = """
0.000 > S    <mss 1460>      # client SYN-SENT, server LISTEN
0.020 < S.   <mss 1460>      # client SYN-SENT, server SYN-RECEIVED
0.040 > .                    # client ESTABLISHED, server ESTABLISHED
"""

STORIES = {
    "figure 12, the client closes": OPEN
    + """
1.000 > F.                   # client FIN-WAIT-1, server ESTABLISHED
1.020 < .                    # client FIN-WAIT-2, server CLOSE-WAIT
1.500 < F.                   # client FIN-WAIT-2, server LAST-ACK
1.520 > .                    # client TIME-WAIT, server CLOSED
= handshake three-way, teardown four-way, active-closer client, verdict conforms
""",
    "figure 12, the server closes": OPEN
    + """
1.000 < F.                   # client ESTABLISHED, server FIN-WAIT-1
1.020 > .                    # client CLOSE-WAIT, server FIN-WAIT-2
1.500 > F.                   # client LAST-ACK, server FIN-WAIT-2
1.520 < .                    # client CLOSED, server TIME-WAIT
= handshake three-way, teardown four-way, active-closer server, verdict conforms
""",
    "figure 13, both close at once": OPEN
    + """
1.000 > F.   seq 1 ack 1     # client FIN-WAIT-1, server ESTABLISHED
1.001 < F.   seq 1 ack 1     # client FIN-WAIT-1, server FIN-WAIT-1
1.021 > .    seq 2 ack 2     # client CLOSING, server CLOSING
1.022 < .    seq 2 ack 2     # client TIME-WAIT, server TIME-WAIT
= teardown simultaneous, verdict conforms
""",
    "figure 7, both open at once": """
0.000 > S    seq 0 <mss 1460>          # client SYN-SENT, server LISTEN
0.001 < S    seq 0 <mss 1460>          # client SYN-SENT, server SYN-SENT
0.020 > S.   seq 0 ack 1 <mss 1460>    # client SYN-RECEIVED, server SYN-SENT
0.021 < S.   seq 0 ack 1 <mss 1460>    # client ESTABLISHED, server ESTABLISHED
0.040 > .    seq 1 ack 1
0.041 < .    seq 1 ack 1
1.000 > F.
1.020 < F.                             # client FIN-WAIT-2, server LAST-ACK
1.040 > .                              # client TIME-WAIT, server CLOSED
= handshake simultaneous, teardown three-segment, verdict conforms
""",
    "three segments, closed by the server": OPEN
    + """
1.000 < F.                   # client ESTABLISHED, server FIN-WAIT-1
1.020 > F.                   # client LAST-ACK, server FIN-WAIT-2
1.040 < .                    # client CLOSED, server TIME-WAIT
= teardown three-segment, active-closer server, verdict conforms
""",
    "half-close: data between the two FINs": OPEN
    + """
1.000 > F.                   # client FIN-WAIT-1
1.020 < .                    # client FIN-WAIT-2, server CLOSE-WAIT
1.100 < P. 100               # client FIN-WAIT-2, server CLOSE-WAIT
1.120 > .                    # client FIN-WAIT-2, server CLOSE-WAIT
1.500 < F.                   # server LAST-ACK
1.520 > .                    # client TIME-WAIT, server CLOSED
= teardown four-way, active-closer client, verdict conforms
= half-close-with-data by server
""",
    "the responder closes before its SYN-ACK is acknowledged": """
0.000 > S    <mss 1460>
0.020 < S.   <mss 1460>      # server SYN-RECEIVED
0.021 < F.   seq 1 ack 1     # server FIN-WAIT-1
0.040 > .    ack 2           # client CLOSE-WAIT, server FIN-WAIT-2
0.050 > F.                   # client LAST-ACK
0.070 < .                    # client CLOSED, server TIME-WAIT
= handshake three-way, teardown four-way, active-closer server, verdict conforms
""",
    "refused": """
0.000 > S    <mss 1460>
0.020 < R.                   # client CLOSED, server CLOSED
= handshake refused, teardown not-applicable, verdict conforms
""",
    "the last ACK is lost on its way, and sent again from TIME-WAIT": OPEN
    + """
1.000 > F.
1.020 < .
1.500 < F.                   # server LAST-ACK
1.520 > .                    # client TIME-WAIT, server CLOSED
1.720 < F.   seq 1           # client TIME-WAIT
1.740 > .                    # client TIME-WAIT, server CLOSED
= teardown four-way, active-closer client, verdict conforms
= fin-retransmission by server
""",
}


@pytest.mark.parametrize("story", sorted(STORIES))
def test_states_after_each_segment_are_those_of_the_rfc(story: str) -> None:
    catalogue = load()
    told = parse(STORIES[story])
    assert judge(told, run(told, catalogue), catalogue) == []


def test_stories_together_show_every_state_at_every_end_that_can_have_it() -> None:
    claimed = set(re.findall(r"\b(client|server) ([A-Z][A-Z-]*[0-9]?)", "".join(STORIES.values())))
    after_opening = {
        "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "LAST-ACK", "CLOSING",
        "TIME-WAIT", "CLOSED",
    }  # fmt: skip
    assert {state for side, state in claimed if side == "client"} == after_opening  # it sends the first SYN
    assert {state for side, state in claimed if side == "server"} == after_opening | {"LISTEN"}
