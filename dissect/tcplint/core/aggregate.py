"""What needs more than one connection: initial numbers by host, directions by pair of hosts, waiting handshakes.

The core judges each connection by itself. Beside it stand three small tables over all connections of a capture, fed
while segments are observed and never by `conclude`, which only reads them: so the answer depends on the segments and
their order alone. What the tables hold is bounded. A table of numbers that is full is begun anew; the tables of hosts
take no more entries then, because a table that forgot could take for unseen what it has seen. Either is a note of the
run.
"""

MOST_NUMBERS = 8192  # initial numbers remembered, of all hosts together
MOST_HOSTS = 4096  # hosts whose initial numbers are compared with each other
MOST_PAIRS = 16384  # pairs of hosts
MOST_SERVERS = 4096  # addresses and ports at which handshakes wait


class Aggregates:
    """The tables of one capture."""

    def __init__(self):
        self.numbers = {}  # raw initial number -> Origin, the last host that used it
        self.number_count = 0
        self.hosts = {}  # address -> Samples
        self.host_count = 0
        self.pairs = {}  # sender's and receiver's address -> HostPair, in either direction
        self.pair_count = 0
        self.unseen = False  # some connection went on though one of its ends was not heard
        self.waiting = {}  # address and port of a server -> Waiting
        self.waiting_count = 0


class Origin:
    """An initial number that a host used, and where."""

    def __init__(self, host, key, answer, connection, before):
        self.host = host
        self.key = key  # the connection pair on which it was used first
        self.answer = answer  # the initial number of the other end there, raw
        self.others = None  # Others, when it was used on another pair
        self.count = 1  # connections on different pairs
        self.connection = connection  # the number of the first
        self.before = before  # the Origin of another host with the same number, or None


class Others:
    """Where else an initial number was used: the keys of other pairs, and the numbers of the other ends there."""

    def __init__(self):
        self.keys = []
        self.answers = []


class Samples:
    """The first initial numbers of a host, each of another pair, in the order of their SYNs."""

    def __init__(self, key, number, time):
        self.keys = [key]
        self.numbers = [number]  # raw
        self.times = [time]  # µs


class HostPair:
    """Two hosts: which of them was heard, and which made progress while the other was not."""

    def __init__(self, key):
        self.key = key  # sender's and receiver's address; the sender is end 0
        self.heard0 = False
        self.heard1 = False
        self.progress0 = -1  # number of the first connection in which end 0 went on and nothing of end 1 was captured
        self.progress1 = -1


class Waiting:
    """Handshakes at a server whose SYN-ACK was repeated and not acknowledged, within the last one or two HOLD."""

    def __init__(self):
        self.count = 0
        self.before = 0  # of the span before
        self.since = 0  # µs, when the present span began
        self.said = 0  # the count that was reported last


def host_of(key, side):
    """Address of end 0 or end 1 in the key of a connection."""
    size = (len(key) - 4) // 2
    if side == 0:
        return key[0:size]
    return key[size : 2 * size]


def hosts_of(key):
    """Both addresses, in the order of the key."""
    return key[0 : len(key) - 4]
