"""The engine: segments in, steps and findings out.

For each segment: find its incarnation (core/incarnation), ask the rules that registered for what it is
(core/rules/table and table_header), then take its facts over (core/facts). Rules therefore see the connection as it
was before.

A segment that an established, quiet connection expects, which is most of a capture, takes the short path: numbers
advance, nothing else can have happened.

Connections that can change no more are handed out by `retired` and forgotten. What waits for time or for the end of the
capture is decided by `conclude`, which changes nothing.
"""

from .aggregate import Aggregates
from .aggregate_host import hear_hosts
from .calm import settle, sum_up
from .census import Census, count_plain
from .connection import Arrival
from .duplicate import Recent, is_copy, keep
from .evidence import SLACK, knows_nothing
from .expected import let_pass
from .facts import place, state, update
from .flood import find_or_make, retire_silent, reverse_key, take_lone, unpack_lone
from .incarnation import near_by_both, remember, route
from .lone import number_of
from .model import ACK, CHECKSUM_BAD, ESTABLISHED, FIN, RST, SYN, Step
from .outcome import outranks
from .registry import finish, look_for_retired, make_room, may_retire, note_first, open_connection, unlink
from .rules.capture import duplicated_frame
from .rules.table import (
    after_fin,
    after_peer_fin,
    after_rst,
    after_syn_data,
    of_silent_end,
    on_ack,
    on_challenge,
    on_delayed,
    on_fin,
    on_first,
    on_foreign_rst,
    on_missing_ack,
    on_opening_ack,
    on_opening_data,
    on_rst,
    on_syn,
    on_syn_inside,
    on_synack,
)
from .rules.table_header import on_header, on_invalid_header, on_self
from .sequence import MODULUS
from .step import name_step, relative
from .tell import tell, tell_copy, tell_strange
from .verdict import conclude_connection

CLOCK_JUMP = 86400000000  # µs, one day


class Engine:
    """All connections of one capture. `settings`: model.Settings."""

    def __init__(self, settings):
        self.settings = settings
        self.chains = {}  # both keys of a pair -> Chain
        self.lone = {}  # key -> packed SYN
        self.lone_order = []  # keys, oldest first
        self.lone_at = 0
        self.lone_count = 0
        self.recent = Recent()
        self.arrival = Arrival()
        self.step = Step()
        self.calm_step = Step()  # of the short path: both ends are established, and nothing is found
        self.now = 0
        self.next_number = 0
        self.first = None  # the list of open connections, by opening
        self.last = None
        self.cursor = None
        self.look_after = 0  # µs, time of the next look for connections that may retire
        self.open_count = 0
        self.finished = []
        self.notes = {}
        self.clock = 0  # time of the frame before
        self.clock_breaks = 0
        self.break_time = -1  # furthest time before the last break
        self.one_way_seen = False
        self.both_ways_seen = False
        self.census = Census()
        self.aggregates = Aggregates()
        self.arrival.engine = self
        self.calm_step.state0 = ESTABLISHED
        self.calm_step.state1 = ESTABLISHED

    def observe(self, segment):
        """Take one segment in; returns the Step of its frame (filled anew at the next call)."""
        time = segment.time
        if time < self.clock or time - self.clock > CLOCK_JUMP:
            self.tick(time)
        else:
            self.clock = time
            if time > self.now:
                self.now = time
        chain = self.chains.get(segment.key)
        if chain is not None:
            connection = chain.current
            if connection is not None:
                if (connection.orderly or chain.fresh) and not segment.odd:
                    step = let_pass(self, segment, chain, connection)
                    if step is not None:
                        return step
            chain.fresh = False
        if self.now >= self.look_after:
            look_for_retired(self)
            retire_silent(self)
            chain = self.chains.get(segment.key)  # its connection may just have left
        step = self.step
        step.findings = []
        if chain is None:
            chain = find_or_make(self, segment)
            if chain is None:
                return step
        self.examine(segment, chain)
        return step

    def load(self, segment):
        """Set the arrival to a new segment."""
        arrival = self.arrival
        flags = segment.flags
        rst = flags & RST != 0
        arrival.segment = segment
        arrival.frame = segment.frame
        arrival.time = segment.time
        arrival.flags = flags
        arrival.has_ack = flags & ACK != 0
        arrival.rst = rst
        arrival.syn = flags & SYN != 0 and not rst
        arrival.fin = flags & FIN != 0 and not rst
        arrival.length = segment.length
        arrival.fired = []
        arrival.fresh = []

    def examine(self, segment, chain):
        """The long path: everything that is not the expected next segment of a quiet connection."""
        arrival = self.arrival
        self.load(segment)
        if chain.current is not None and chain.current.orderly:
            sum_up(chain.current)  # the short path may have passed
        if chain.current is not None and is_copy(self.recent, segment):
            place(arrival, chain.current)
            if chain.pending is not None and arrival.syn and not arrival.has_ack:
                place(arrival, chain.pending)
                if arrival.seq != arrival.own.iss:
                    place(arrival, chain.current)
            duplicated_frame(arrival)
            tell_copy(arrival)
            arrival.own.last_frame = segment.frame
            self.show("duplicate")
            return
        keep(self.recent, segment)
        if chain.current is not None and may_retire(self, chain.current):
            finish(self, chain.current)
            remember(chain, chain.current)
            chain.current = None
        if chain.key == chain.reverse:
            self.examine_self(chain)
            return
        before = chain.pending
        route(self, arrival, chain)
        if chain.pending is not None and before is None:
            pending = arrival.connection
            place(arrival, chain.current)
            on_syn_inside(arrival)
            place(arrival, pending)
        make_room(self)
        if arrival.foreign:
            if arrival.rst:
                on_foreign_rst(arrival)
            self.count_strange(arrival)
            self.show("foreign")
            return
        if arrival.delayed:
            on_delayed(arrival)
            self.count_strange(arrival)
            self.show("foreign")
            return
        if not segment.header_valid:
            on_invalid_header(arrival)
            self.count_strange(arrival)
            self.show("invalid")
            return
        self.ask_rules(chain)
        self.apply()
        name_step(arrival, self.step)
        self.show(self.step.name)

    def examine_self(self, chain):
        """Sender and receiver are one: no roles, no facts."""
        arrival = self.arrival
        if chain.current is None:
            chain.current = open_connection(self, chain)
        place(arrival, chain.current)
        on_header(arrival)
        on_self(arrival)
        self.count_strange(arrival)
        self.show("foreign")

    def ask_rules(self, chain):
        """Ask the rules that registered for what this segment is (core/rules/table)."""
        arrival = self.arrival
        connection = arrival.connection
        own = arrival.own
        on_header(arrival)
        if connection.segments == 0 and not arrival.syn:
            on_first(arrival)
        if arrival.rst:
            on_rst(arrival)
        elif arrival.syn:
            if arrival.has_ack:
                on_synack(arrival)
            else:
                on_syn(arrival)
        else:
            if not arrival.has_ack:
                on_missing_ack(arrival)
            elif not own.got_syn:
                on_opening_ack(arrival)
        if chain.pending is not None and connection.number != chain.pending.number and not arrival.syn:
            on_challenge(arrival)
        if arrival.has_ack and not arrival.rst:
            on_ack(arrival)
        if arrival.fin and not arrival.syn:
            on_fin(arrival)
        if own.closing.fin >= 0 and not arrival.rst and not arrival.syn:
            after_fin(arrival)
        if arrival.length > 0 and not own.syn_acked and not arrival.syn:
            on_opening_data(arrival)
        if (own.closing.rst_frame > 0 or arrival.peer.closing.rst_frame > 0) and not arrival.rst and not arrival.syn:
            after_rst(arrival)
        if own.opening.length > 0 or arrival.peer.opening.length > 0:
            if not arrival.rst and not arrival.syn:
                after_syn_data(arrival)
        if arrival.peer.closing.fin >= 0 and (arrival.length > 0 or arrival.fin) and not arrival.rst:
            after_peer_fin(arrival)
        if own.closing.unheard is not None:
            of_silent_end(arrival)

    def apply(self):
        """Take the facts of the placed segment over and count it."""
        arrival = self.arrival
        arrival.counts = near_by_both(arrival) and arrival.segment.checksum_state != CHECKSUM_BAD
        if not arrival.has_ack and not arrival.syn and not arrival.rst and not arrival.fin:
            arrival.counts = False
        silent = not arrival.own.got_syn and knows_nothing(arrival)
        if silent:
            arrival.counts = False  # an ack of nothing would pass for the peer's number
        if (arrival.syn or arrival.rst) and arrival.segment.checksum_state != CHECKSUM_BAD:
            arrival.counts = True
        if arrival.segment.seq != 0 or (arrival.has_ack and arrival.segment.ack != 0):
            arrival.connection.removed_numbers = False
        tell(arrival)
        if arrival.counts:
            if arrival.has_ack and not arrival.syn and not arrival.rst:
                split = arrival.own.segments == 0 and arrival.length == 0 and arrival.peer.opening.alone_frame > 0
                if split and not arrival.fin and arrival.ack == arrival.peer.iss + 1:
                    arrival.connection.early_ack = True
            update(arrival)
        self.count_in(arrival)
        connection = arrival.connection
        if silent:
            arrival.own.segments -= 1  # nor is it a sign that the connection came about
            connection.strange += 1
        zero = connection.ends[0]
        one = connection.ends[1]
        zero.state = state(zero, one)
        one.state = state(one, zero)
        settle(connection)
        count_plain(self.census, arrival)

    def count_strange(self, arrival):
        """Count a segment that says nothing about its sender."""
        tell_strange(arrival)
        note_first(arrival)
        arrival.connection.strange += 1
        arrival.own.last_frame = arrival.frame
        if arrival.time > arrival.own.last_time:
            arrival.own.last_time = arrival.time
        sum_up(arrival.connection)

    def count_in(self, arrival):
        """Count the segment, whether or not it changed facts."""
        connection = arrival.connection
        segment = arrival.segment
        note_first(arrival)
        own = arrival.own
        own.segments += 1
        own.last_frame = segment.frame
        if arrival.time > own.last_time or own.segments == 1:
            own.last_time = arrival.time
        connection.segments += 1
        connection.last_frame = segment.frame
        if arrival.time > connection.last_time or connection.segments == 1:
            connection.last_time = arrival.time
        hear_hosts(self, arrival)

    def show(self, name):
        """Fill the step of the placed segment."""
        arrival = self.arrival
        connection = arrival.connection
        step = self.step
        step.connection = connection.number
        step.side = arrival.side
        step.name = name
        step.state0 = connection.ends[0].state
        step.state1 = connection.ends[1].state
        step.seq = relative(arrival.seq, arrival.own)
        step.ack = -1
        if arrival.has_ack:
            step.ack = relative(arrival.ack, arrival.peer)
        step.findings = arrival.fresh
        if name == "duplicate" or name == "foreign" or name == "invalid":
            step.again = False

    def feed(self, connection, arrival):
        """Take the facts of the segment over in a connection that no rule is asked about."""
        place(arrival, connection)
        self.apply()

    def count_note(self, name):
        """A limit was reached."""
        count = self.notes.get(name)
        if count is None:
            self.notes[name] = 1
        else:
            self.notes[name] = count + 1

    def observe_quote(self, quote):
        """An ICMP error that quotes a segment: evidence for its connection (RFC 9293 §3.9.2.2)."""
        self.tick(quote.time)
        chain = self.chains.get(quote.key)
        if chain is None:
            packed = self.lone.get(quote.key)
            if packed is None:
                return
            chain = unpack_lone(self, quote.key, reverse_key(quote.key), packed)
        connection = chain.current
        if connection is None or (connection.quote is not None and not outranks(quote, connection.quote)):
            return
        side = 1
        if quote.key == chain.key:
            side = 0
        endpoint = connection.ends[side]
        if quote.seq < 0 or endpoint.iss < 0 or endpoint.iss % MODULUS == quote.seq or endpoint.got_syn:
            connection.quote = quote

    def tick(self, time):
        """The time of any frame: the capture was still running. A clock that jumps proves no waiting time any more."""
        if time > self.clock:
            if time - self.clock > CLOCK_JUMP:
                self.clock_breaks += 1
                self.break_time = self.now
            if time > self.now:
                self.now = time
        elif self.clock - time > SLACK:
            self.clock_breaks += 1
            self.break_time = self.now
        self.clock = time

    def retired(self):
        """Connections that can change no more, since the last call."""
        gone = self.finished
        if len(gone) > 0:
            self.finished = []
        return gone

    def take(self):
        """At the end of the capture: the open connection with the lowest number, or None. It is forgotten."""
        key = None
        while self.lone_at < len(self.lone_order):
            key = self.lone_order[self.lone_at]
            if self.lone.get(key) is not None:
                break
            self.lone_at += 1
            key = None
        if key is not None:
            packed = self.lone.get(key)
            if self.first is None or number_of(packed) < self.first.number:
                self.lone_at += 1
                return take_lone(self, key, packed)
        connection = self.first
        if connection is not None:
            unlink(self, connection)
            connection.chain.current = None
        return connection

    def conclude(self, connection, end_time):
        """The Conclusion of a connection at `end_time` (µs). Pure: changes nothing, may be called again."""
        return conclude_connection(self, connection, end_time)
