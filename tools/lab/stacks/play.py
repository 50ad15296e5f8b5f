"""Plays a story with a stack, and says what tcplint finds in it, finding by finding, with the end that is blamed."""

import fcntl
import random
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tcplint.capture.frame import Frame
from tcplint.core.model import ERROR, VIOLATES, WARNING
from tcplint.ladder.pcap import write_pcap
from tests.promise.mutations import mixed
from tests.promise.play import SEVERITY, Played, end_of, play
from tools.lab.end import ADDRESSES
from tools.lab.errors import LabError, SpoiltError
from tools.lab.kernel import state
from tools.lab.pcap import CLIENT, POINTS, SERVER, Record, pcap_octets
from tools.lab.stacks.bout import Bout
from tools.lab.stacks.end import LinuxPlayer, Player, UnableError
from tools.lab.stacks.roster import Stack
from tools.lab.stacks.stories import STORIES
from tools.lab.wire import Deed, Wire

_TURN = Path("/run/tcplint-lab.lock")
_IPV4 = b"\x08\x00"
_ETHERNET = 1
COPIES = 30  # damaged copies of each capture
_WORDS = {ERROR: "error", WARNING: "warning"}


class Said(NamedTuple):
    """An error or a warning. `whom` is stack, linux, unknown (of "the source of frame N"), or forged."""

    rule: str
    kind: str
    severity: str
    whom: str
    point: str
    frame: int


@dataclass
class Result:
    """One story with one stack in one role. `left_out` says why there is nothing."""

    stack: str
    role: str
    story: str
    connections: int = 0
    frames: int = 0
    said: list[Said] = field(default_factory=list)
    copies: int = 0
    accused_by_damage: list[str] = field(default_factory=list)
    left_out: str = ""
    linux_state: str = ""  # what the kernel said of its end of the last connection when all was over
    asked: float = 0.0  # when that was, in seconds since the first frame


def perform(stack: Stack, role: str, name: str, into: Path) -> Result:
    """Play it; the captures go to `into`/<story>-<point>.pcap. A story that stumbles keeps what was captured."""
    result = Result(stack.name, role, name)
    try:
        wire, linux = _played(stack, role, name, result)
    except (UnableError, LabError) as error:
        result.left_out = str(error)
        return result
    into.mkdir(parents=True, exist_ok=True)
    for point in POINTS:
        records, forged = _internet_only(wire.captures[point], wire.deeds, point)
        if not records or (point != CLIENT and any(deed.did == "rewritten" for deed in wire.deeds)):
            continue  # behind a frame that the wire rewrote, the two halves do not belong together
        (into / f"{name}-{point}.pcap").write_bytes(pcap_octets(records))
        _judge(records, forged, point, linux, result, into / f"{name}-{point}")
    return result


def _played(stack: Stack, role: str, name: str, result: Result) -> tuple[Wire, str]:
    linux = SERVER if role == CLIENT else CLIENT
    with ExitStack() as keep:
        turn = keep.enter_context(_TURN.open("w"))
        fcntl.flock(turn, fcntl.LOCK_EX)
        players: dict[str, Player] = {
            role: keep.enter_context(closing(stack.join(role))),
            linux: keep.enter_context(closing(LinuxPlayer(linux))),
        }
        wire = Wire(players[CLIENT].port, players[SERVER].port)
        bout = Bout(players[CLIENT], players[SERVER], wire, linux)
        try:
            STORIES[name](bout)
            bout.idle()
        except (SpoiltError, OSError) as error:
            result.left_out = f"ended early: {error}"
        result.linux_state = _asked(players[linux], wire)
        if wire.captures[CLIENT]:
            result.asked = (wire.clock.now() - wire.captures[CLIENT][0].time_ns) / 1e9
        return wire, linux


def _asked(player: Player, wire: Wire) -> str:
    """The state of Linux' end of the connection that spoke last; empty where nothing was sent."""
    last = next((seen for seen in reversed(wire.seen) if seen.tcp), None)
    if last is None or not isinstance(player, LinuxPlayer):
        return ""
    ports = (last.source_port, last.target_port)
    own, peer = ports if last.side == player.side else ports[::-1]
    return state(player.end, (player.end.address, own), (player.peer, peer), None)


def _internet_only(records: list[Record], deeds: list[Deed], point: str) -> tuple[list[Record], set[int]]:
    """Without ARP; and the new numbers of the frames that no end has sent."""
    false = {deed.frames[point] for deed in deeds if deed.did in ("injected", "rewritten")}
    kept = [(number, one) for number, one in enumerate(records, 1) if one.octets[12:14] == _IPV4]
    forged = {new for new, (old, _) in enumerate(kept, 1) if old in false}
    return [one for _, one in kept], forged


def _judge(records: list[Record], forged: set[int], point: str, linux: str, result: Result, beside: Path) -> None:
    frames = [
        Frame(number, one.time_ns, _ETHERNET, 0, len(one.octets), len(one.octets), 0, one.octets)
        for number, one in enumerate(records, 1)
    ]
    whole = play(frames)
    if point == CLIENT:
        result.connections = len(whole.conclusions)
        result.frames = len(frames)
    result.said += _found(whole, forged, point, linux)
    rnd = random.Random(f"{result.stack} {result.role} {result.story} {point}")
    for number in range(COPIES):
        damage, copy = mixed(frames, rnd)
        result.copies += 1
        for fault in play(copy).faults:
            if (fault.code, fault.who) not in whole.accusations:
                path = beside.with_name(f"{beside.name}-damaged-{number}.pcap")
                write_pcap(copy, path)
                told = f"{path.name}: {damage}: {fault.code} {fault.kind} at frame {fault.frame}"
                result.accused_by_damage.append(told)


def _found(played: Played, forged: set[int], point: str, linux: str) -> list[Said]:
    found = []
    own = bytes(map(int, ADDRESSES[4][linux].split(".")))
    for conclusion in played.conclusions:
        for finding in conclusion.findings:
            severity = SEVERITY.get(finding.code, {}).get(finding.kind, 0)
            if finding.verdict != VIOLATES or severity not in _WORDS:
                continue
            who = end_of(conclusion.key, finding.side)
            whom = "unknown" if not who else "linux" if who[:4] == own else "stack"
            if forged & {finding.frame, *finding.related} or (forged and min(forged) <= finding.frame and not who):
                whom = "forged"
            found.append(Said(finding.code, finding.kind, _WORDS[severity], whom, point, finding.frame))
    return found
