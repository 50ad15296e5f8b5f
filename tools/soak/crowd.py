"""One batch: hundreds of connections on one wire.

Every pair of ports has a program that opens its connections one after another. What listens accepts whatever comes, and
finds the plan of the answerer by the port of its peer; a connection that nobody planned (an old SYN that was late) is
read to its end and closed.
"""

import contextlib
import errno
import heapq
import itertools
import random
import select
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.lab.end import OTHER, End, SocketOption
from tools.lab.pcap import CLIENT, SERVER, Record
from tools.lab.play import stage
from tools.lab.scene import MPTCP, TCP_FASTOPEN
from tools.soak.climate import Climate, draw_climate
from tools.soak.plan import Plan, Script, draw_plan
from tools.soak.program import OPTIONS, READ, Program, Wait, connect, perform
from tools.soak.weather import Sky, Weather, draw_weather
from tools.soak.wire import Pair, RoughWire

_FIRST_PORT = 10000  # of openers; pair n has this and n more
_CLOSED_PORT, _CROSSED_PORT = 3999, 4100
_LISTENERS: list[tuple[int, list[SocketOption], int]] = [  # backlog, options, protocol
    (128, [], 0),
    (128, [(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)], 0),
    (128, [(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)], 0),
    (128, [(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)], 0),
    (1, [], 0),
    (128, [(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 300), (socket.IPPROTO_TCP, TCP_FASTOPEN, 16)], 0),
    (128, [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)], MPTCP),
]
_FIRST_LISTENER = 4000

AT_ONCE = 800  # pairs that are busy at the same time
LIMIT = 12.0  # seconds for a batch; who is not done then stays as he is: a capture may end at any time
SETTLING = 3.0  # seconds at the end at most, for what the kernels still do by themselves
TRIES = 10  # to open a connection while the pair is taken
_GHOST: Script = [("drain", 0), ("close", 0)]


@dataclass
class Chain:
    """The connections of one pair of ports, one after another."""

    number: int
    side: str  # which end opens
    port: int  # of the answerer
    protocol: int
    weather: Weather
    plans: list[Plan]
    current: int = -1
    answered: bool = False  # the current plan has its answerer
    begun: int = 0  # connections whose opening the kernel took

    @property
    def own_port(self) -> int:
        """Of the opener."""
        return _FIRST_PORT + self.number

    @property
    def pair(self) -> Pair:
        """Ports of the client's and the server's end."""
        return (self.own_port, self.port) if self.side == CLIENT else (self.port, self.own_port)

    def __str__(self) -> str:
        plans = "\n".join(f"  {number}: {plan}" for number, plan in enumerate(self.plans))
        return f"pair {self.pair}, opened by the {self.side}; {self.weather}\n{plans}"


@dataclass
class Batch:
    """What is left of one."""

    name: str  # <seed>-<number>
    climate: Climate
    chains: dict[Pair, Chain]
    captures: dict[str, list[Record]] = field(default_factory=dict)
    seconds: float = 0.0
    refused: list[str] = field(default_factory=list)

    @property
    def connections(self) -> int:
        """How many were begun."""
        return sum(chain.begun for chain in self.chains.values())


def draw_batch(seed: str, number: int, connections: int) -> Batch:
    """The batch that these words name; `connections` is how many are planned."""
    name = f"{seed}-{number}"
    rnd = random.Random(name)
    batch = Batch(name, draw_climate(rnd), {})
    left = connections
    while left > 0:
        count = min(left, rnd.choice([1, 1, 1, 2, 3, 5]))
        left -= count
        index = rnd.randrange(len(_LISTENERS))
        side = SERVER if rnd.random() < 0.2 else CLIENT
        protocol = _LISTENERS[index][2] if rnd.random() < 0.5 else 0
        plans = [draw_plan(rnd) for _ in range(count)]
        chain = Chain(len(batch.chains), side, _FIRST_LISTENER + index, protocol, draw_weather(rnd), plans)
        if plans[0].opening == "refused":
            chain.port = _CLOSED_PORT
        elif any(plan.opening == "crossed" for plan in plans):
            chain.port = _CROSSED_PORT
            for plan in plans:
                plan.opening = "crossed"
        batch.chains[chain.pair] = chain
    return batch


def run_batch(batch: Batch) -> None:
    """Play it, and keep what was captured. Raises LabError."""
    with stage(batch.climate.version, batch.climate.offload) as scene:
        batch.refused = batch.climate.enter(scene.client, scene.server)
        crowd = Crowd(batch, scene.client, scene.server)
        begun = time.monotonic()
        crowd.run()
        batch.captures = crowd.wire.captures
        batch.seconds = time.monotonic() - begun


class Crowd:
    """All programs of a batch, and the wire between them."""

    def __init__(self, batch: Batch, client: End, server: End) -> None:
        self.batch = batch
        self.ends = {CLIENT: client, SERVER: server}
        self.wire = RoughWire(client.tap, server.tap)
        self._poll = select.epoll()
        self._waiting: dict[int, tuple[int, Program]] = {}  # by descriptor: which wait it is, and whose
        self._turns = itertools.count()  # of the waits: what belongs to an earlier one is out of date
        self._alarms: list[tuple[float, int, int, Program]] = []  # time, which wait, descriptor or -1, whose
        self._listeners: dict[int, tuple[socket.socket, str]] = {}
        self._alive = 0
        for end in (client, server):
            self._poll.register(end.tap.fileno(), READ)
        self._listen()

    def run(self) -> None:
        """Until every program has ended and both kernels are quiet, or time is up."""
        try:
            chains = list(self.batch.chains.values())
            for chain in chains:
                self.wire.skies[chain.pair] = Sky(chain.weather, f"{self.batch.name} {chain.number}")
            waiting = iter(chains)
            for chain in itertools.islice(waiting, AT_ONCE):
                self._start(self._open(chain, waiting))
            limit = time.monotonic() + LIMIT
            while self._alive and time.monotonic() < limit:
                self._turn()
            end = time.monotonic() + SETTLING
            while time.monotonic() < end and (not self.wire.empty or time.monotonic() < self.wire.last_moved + 0.5):
                self._turn()
        finally:
            self._poll.close()

    def _listen(self) -> None:
        for side, (index, (backlog, options, protocol)) in itertools.product(OTHER, enumerate(_LISTENERS)):
            end = self.ends[side]
            reuse: SocketOption = (socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):  # a kernel without multipath TCP has one listener less
                listener = end.make_socket(protocol=protocol, options=[reuse, *options])
                listener.bind((end.address, _FIRST_LISTENER + index))
                listener.listen(backlog)
                self._listeners[listener.fileno()] = (listener, side)
                self._poll.register(listener.fileno(), READ)

    # Programs.

    def _open(self, chain: Chain, waiting: Iterator[Chain]) -> Program:
        """The openers of a chain one after another; then the next chain that waits begins."""
        dice = random.Random(f"{self.batch.name} {chain.number} opener")
        for number, plan in enumerate(chain.plans):
            yield Wait(None, 0, plan.pause)
            yield from self._one(chain, number, dice)
        following = next(waiting, None)
        if following is not None:
            self._start(self._open(following, waiting))

    def _one(self, chain: Chain, number: int, dice: random.Random) -> Program:
        """One connection as its opener sees it. While the kernel still holds the last one, it is tried again."""
        plan = chain.plans[number]
        target = (self.ends[OTHER[chain.side]].address, chain.port)
        for _ in range(TRIES):
            opened = self._bound(chain.side, chain.own_port, chain.protocol, plan.quirks)
            chain.current, chain.answered = number, False
            if plan.opening == "crossed":
                self._start(self._cross(chain, number))
            try:
                yield from connect(opened, target, plan.opening)
            except OSError as error:
                opened.close()
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EADDRINUSE):
                    chain.begun += 1
                    return
                yield Wait(None, 0, 0.2)
                continue
            chain.begun += 1
            yield from perform(opened, plan.opener, dice)
            return

    def _cross(self, chain: Chain, number: int) -> Program:
        """The other end of a simultaneous open: it connects too, to the port of the opener."""
        plan = chain.plans[number]
        other = self._bound(OTHER[chain.side], chain.port, 0, ())
        try:
            yield from connect(other, (self.ends[chain.side].address, chain.own_port), "plain")
        except OSError:
            other.close()
        else:
            yield from perform(other, plan.answerer, random.Random(f"{self.batch.name} {chain.number} crossed"))

    def _bound(self, side: str, port: int, protocol: int, quirks: Iterable[str]) -> socket.socket:
        end = self.ends[side]
        made = end.make_socket(protocol=protocol, options=[(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)])
        for quirk in quirks:
            for level, name, value in OPTIONS[quirk]:
                with contextlib.suppress(OSError):  # multipath TCP has not all of them
                    made.setsockopt(level, name, value)
        made.bind((end.address, port))
        return made

    def _accept(self, listener: socket.socket, side: str) -> None:
        while True:
            try:
                accepted, (_, port, *_) = listener.accept()
            except OSError:  # nobody waits any more, or he who waited has gone
                return
            accepted.setblocking(False)
            self.ends[side].keep(accepted)
            own = listener.getsockname()[1]
            chain = self.batch.chains.get((port, own) if side == SERVER else (own, port))
            script = _GHOST
            if chain is not None and not chain.answered and chain.current >= 0:
                chain.answered = True
                script = chain.plans[chain.current].answerer
            self._start(perform(accepted, script, random.Random(f"{self.batch.name} {port} answerer")))

    # The loop.

    def _start(self, program: Program) -> None:
        self._alive += 1
        self._go_on(program, None)

    def _go_on(self, program: Program, ready: bool | None) -> None:
        try:
            wait = next(program) if ready is None else program.send(ready)
        except StopIteration:
            self._alive -= 1
            return
        turn = next(self._turns)
        descriptor = -1 if wait.end is None else wait.end.fileno()
        if descriptor >= 0:
            self._waiting[descriptor] = (turn, program)
            self._poll.register(descriptor, wait.event)
        heapq.heappush(self._alarms, (time.monotonic() + wait.seconds, turn, descriptor, program))

    def _turn(self) -> None:
        alarm = self._alarms[0][0] - time.monotonic() if self._alarms else 1.0
        for descriptor, _ in self._poll.poll(max(0.0, min(alarm, self.wire.due(), 0.1))):
            if descriptor in self._listeners:
                self._accept(*self._listeners[descriptor])
            elif descriptor in self._waiting:
                self._wake(descriptor, True)
        self.wire.forward()
        while self._alarms and self._alarms[0][0] <= time.monotonic():
            _, turn, descriptor, program = heapq.heappop(self._alarms)
            if descriptor < 0:
                self._go_on(program, True)
            elif self._waiting.get(descriptor, (-1, None))[0] == turn:
                self._wake(descriptor, False)

    def _wake(self, descriptor: int, ready: bool) -> None:
        self._poll.unregister(descriptor)
        self._go_on(self._waiting.pop(descriptor)[1], ready)
