"""Putting IP fragments together (RFC 791 §3.2, RFC 8200 §4.5), within bounds that no capture can exceed.

Only what lies in the first 512 octets of a datagram is kept: the TCP header stands there, and the payload is only
counted. Of the pieces behind, their place and size is enough to know when the datagram is complete.

A sender never makes fragments that overlap; middle boxes that copy frames do, and so do attackers, who hope that two
readers take different octets as the true ones (RFC 5722). Copies that agree are accepted. If two pieces disagree about
one octet, or about where the datagram stops, it is given up, with everything that still comes of it.

At most 64 datagrams wait, each for at most 30 seconds of capture time and for at most 128 pieces. When a 65th comes,
the one that waits longest is given up.
"""

KEPT = 512  # octets of a datagram
MAX_WAITING = 64  # datagrams
MAX_PIECES = 128  # of one datagram
PATIENCE = 30000000  # µs
MAX_DATAGRAM = 65535  # octets

WAITING = 0
COMPLETE = 1
SPOILED = 2


class Piece:
    """One fragment: `data` is what was captured of it within the first 512 octets of the datagram."""

    def __init__(self, start, stop, data):
        self.start = start
        self.stop = stop
        self.data = data


class Datagram:
    """The pieces of one datagram. Once COMPLETE, `data` is its beginning and `size` its length."""

    def __init__(self, key, number, time):
        self.key = key
        self.number = number  # in order of arrival
        self.since = time
        self.state = WAITING
        self.pieces = []
        self.octets = 0  # sum of the pieces; more than there are where pieces overlap
        self.size = -1  # known from the last fragment
        self.protocol = -1  # known from the first fragment
        self.clipped = False  # the capture cut a piece within the first 512 octets
        self.data = None


class FragmentTable:
    """The datagrams that wait for fragments, oldest first, and what had to be given up (counts)."""

    def __init__(self):
        self.waiting = {}  # key -> Datagram
        self.queue = {}  # number -> Datagram
        self.oldest = 1  # no datagram of a lower number is in the queue
        self.newest = 0
        self.count = 0
        self.overlaps = 0  # datagrams whose fragments contradict each other
        self.evicted = 0  # datagrams given up for one of the limits on their number and pieces


def forget(table, datagram):
    """Take a datagram out of the table."""
    table.queue.pop(datagram.number, None)
    table.waiting.pop(datagram.key, None)
    table.count -= 1


def make_room(table, time):
    """Drop the datagrams that waited too long, and the oldest one if the table is full."""
    while table.oldest <= table.newest:
        datagram = table.queue.get(table.oldest)
        if datagram is not None:
            if time - datagram.since <= PATIENCE:
                if table.count < MAX_WAITING:
                    return
                if datagram.state == WAITING:
                    table.evicted += 1
            forget(table, datagram)
        table.oldest += 1


def same(left, right):
    """Whether two runs of octets are equal."""
    return left == right


def agree(piece, start, data):
    """Whether `data`, which begins at `start` of the datagram, equals the piece wherever both have octets."""
    low = piece.start
    if start > low:
        low = start
    high = piece.start + len(piece.data)
    if start + len(data) < high:
        high = start + len(data)
    if low >= high:
        return True
    left = piece.data[low - piece.start : high - piece.start]
    right = data[low - start : high - start]
    return same(left, right)


def spoil(datagram):
    """Give a datagram up. It stays in the table, so that what still comes of it is given up as well."""
    datagram.state = SPOILED
    datagram.pieces = []


def add_piece(table, datagram, start, stop, data):
    """Add a piece unless it is a copy. A piece that contradicts the others spoils the datagram."""
    if datagram.size >= 0 and stop > datagram.size:
        table.overlaps += 1
        spoil(datagram)
        return
    for piece in datagram.pieces:
        if start < piece.stop and piece.start < stop:
            if not agree(piece, start, data):
                table.overlaps += 1
                spoil(datagram)
                return
            if piece.start == start and piece.stop == stop and len(piece.data) >= len(data):
                return
    if len(datagram.pieces) >= MAX_PIECES:
        table.evicted += 1
        spoil(datagram)
        return
    datagram.pieces.append(Piece(start, stop, data))
    datagram.octets += stop - start


def set_size(table, datagram, size):
    """The last fragment came: the datagram stops at `size`."""
    if datagram.size >= 0 and datagram.size != size:
        table.overlaps += 1
        spoil(datagram)
        return
    datagram.size = size
    for piece in datagram.pieces:
        if piece.stop > size:
            table.overlaps += 1
            spoil(datagram)
            return


def covered(datagram):
    """Octets from the beginning of the datagram to its first gap."""
    position = 0
    moved = True
    while moved:
        moved = False
        for piece in datagram.pieces:
            if piece.start <= position < piece.stop:
                position = piece.stop
                moved = True
    return position


def join(datagram, empty):
    """What was captured of the first 512 octets of the datagram, up to the first gap."""
    data = empty
    moved = True
    while moved:
        moved = False
        for piece in datagram.pieces:
            behind = len(data) - piece.start
            if behind >= 0 and behind < len(piece.data):
                data = data + piece.data[behind : len(piece.data)]
                moved = True
    return data


def collect(table, key, protocol, start, stop, last, data, clipped, time):
    """Take in a fragment, octets `start` to `stop` of a datagram; the datagram it belongs to is returned.

    `data` is what was captured of it within the first 512 octets of the datagram, `clipped` that this is less than
    there was. Datagrams are told apart by `key`: addresses and identification, for IPv4 also the protocol.
    """
    datagram = table.waiting.get(key)
    if datagram is not None:
        if time - datagram.since > PATIENCE:
            forget(table, datagram)
            datagram = None
    if datagram is None:
        make_room(table, time)
        table.newest += 1
        datagram = Datagram(key, table.newest, time)
        table.waiting[key] = datagram
        table.queue[datagram.number] = datagram
        table.count += 1
    if datagram.state == SPOILED:
        return datagram
    add_piece(table, datagram, start, stop, data)
    if last and datagram.state == WAITING:
        set_size(table, datagram, stop)
    if datagram.state == SPOILED:
        return datagram
    if start == 0:
        datagram.protocol = protocol
    if clipped:
        datagram.clipped = True
    if datagram.size >= 0 and datagram.octets >= datagram.size:
        if covered(datagram) == datagram.size:
            datagram.state = COMPLETE
            datagram.data = join(datagram, data[0:0])
            datagram.pieces = []
            forget(table, datagram)
    return datagram
