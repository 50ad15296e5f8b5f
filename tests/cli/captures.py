"""Small captures for the tests of the commands, written from ladders."""

from pathlib import Path

from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import pcap_octets

HANDSHAKE = """
isn 1000 5000
0.000 > S       <mss 1460, wscale 7>
0.020 < S.      <mss 1460, wscale 7>
0.040 > .
"""

# The client closes first; the server still sends 300 octets before it closes too.
FOUR = f"""{HANDSHAKE}
0.050 > P. 120
0.070 < .
1.000 > F.
1.020 < .
1.100 < P. 300
1.120 > .
1.500 < F.
1.520 > .
"""

# The server has nothing left to send: its ACK and its FIN are one segment.
THREE = f"""{HANDSHAKE}
1.000 > F.
1.020 < F.
1.040 > .
"""

# The client sends ten octets after its own FIN: TD004, an error.
BROKEN = f"""{HANDSHAKE}
0.050 > P. 120
0.070 < .
1.000 > F.
1.020 < .
1.100 > P. 10   seq 122
1.120 < F.
1.140 > .       seq 122
"""

ABORT = f"""{HANDSHAKE}
0.050 > P. 120
0.070 < .
0.500 < R.
"""

SIMULTANEOUS = f"""{HANDSHAKE}
1.000 > F.
1.001 < F.      ack 1
1.020 > .
1.021 < .
"""

UDP_ONLY = """
tick
+1 tick
"""


def octets(story: str) -> bytes:
    """The story as a pcap file."""
    return pcap_octets(frames(parse(story)))


def write(path: Path, story: str) -> Path:
    path.write_bytes(octets(story))
    return path
