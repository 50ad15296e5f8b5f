"""What is remembered from one connection to the next, for rules about a whole capture.

A scan is many connections of one source, a SYN cookie shows by comparison with other answers of the same server, a
packet captured at two points stands in two connections, a capture filter lacks the same in all. Tables are emptied when
they are full, so a hostile capture costs no more than that.
"""

MOST_KNOWN = 4096  # entries in each table


class Census:
    """Counts and tables over all connections of a capture."""

    def __init__(self):
        self.full_answers = {}  # address and port of a server that has answered with options -> frame
        self.answers = {}  # raw initial number of a server -> Answer
        self.ack_probes = {}  # address -> Probe: connections that were a single ACK of it, answered by a RST
        self.fin_probes = {}  # the same for a FIN
        self.full_count = 0
        self.answer_count = 0
        self.probe_count = 0
        self.plain_seen = False  # some segment was neither SYN nor FIN nor RST
        self.closes = 0  # connections with a FIN
        self.holed = 0  # connections with octets that were acknowledged and not captured


class Probe:
    """Single segments of one address, each on a pair of its own."""

    def __init__(self):
        self.connections = 1


class Answer:
    """A SYN-ACK, to be recognised when the same packet is captured elsewhere under another address."""

    def __init__(self, segment, connection):
        self.key = segment.key
        self.ack = segment.ack
        self.tsval = segment.tsval
        self.ip_id = segment.ip_id
        self.time = segment.time
        self.frame = segment.frame
        self.connection = connection  # its number


def source_of(key):
    """The sender's address in a connection key."""
    if len(key) == 12:
        return key[0:4]
    return key[0:16]


def target_of(key):
    """The receiver's address in a connection key."""
    if len(key) == 12:
        return key[4:8]
    return key[16:32]


def count_plain(census, arrival):
    """Whether the capture holds anything but SYN, FIN and RST, and how many connections begin to close."""
    if not arrival.syn and not arrival.fin and not arrival.rst:
        census.plain_seen = True
    elif arrival.connection.calm:
        census.plain_seen = True  # established by SYNs alone: what follows need not pass here
    elif arrival.fin and arrival.own.closing.copies == 1 and arrival.peer.closing.fin < 0:
        census.closes += 1


def count_probe(census, key, fin):
    """One more connection that was a single ACK or FIN of the receiver of this RST."""
    source = target_of(key)
    if census.probe_count >= MOST_KNOWN:
        census.ack_probes = {}
        census.fin_probes = {}
        census.probe_count = 0
    probes = census.ack_probes
    if fin:
        probes = census.fin_probes
    probe = probes.get(source)
    if probe is None:
        probes[source] = Probe()
        census.probe_count += 1
    else:
        probe.connections += 1


def know_answer(census, segment, connection):
    """Remember a SYN-ACK by its number."""
    if census.answer_count >= MOST_KNOWN:
        census.answers = {}
        census.answer_count = 0
    census.answer_count += 1
    census.answers[segment.seq] = Answer(segment, connection)


def know_full_answer(census, server, frame):
    """Remember a server that has answered with more than the MSS."""
    if census.full_answers.get(server) is not None:
        return
    if census.full_count >= MOST_KNOWN:
        census.full_answers = {}
        census.full_count = 0
    census.full_count += 1
    census.full_answers[server] = frame
