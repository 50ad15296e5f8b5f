"""Faults that show in several connections: numbers of a pair that is used again, numbers of one machine."""

from tools.faults.closing import closed
from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, RST, TS, Packet
from tools.faults.resets import rest
from tools.faults.scene import SECOND, Scene, wants


def once_more(scene: Scene, packets: list[Packet], isn: tuple[int, int], wait_ns: int) -> list[Packet]:
    """The same connection again behind the end, from other initial numbers; gives its packets.

    Without timestamps, which would show the receiver which of the two a segment is of.
    """
    end = scene.packets[-1].time_ns
    begin = packets[0].time_ns
    new = []
    for one in packets:
        copy = scene.own_id(one.copy())
        copy.time_ns = end + wait_ns + one.time_ns - begin
        copy.set(seq=one.seq - scene.isn[one.side] + isn[one.side])
        if copy.has(ACK):
            copy.set(ack=one.ack - scene.isn[1 - one.side] + isn[1 - one.side])
        new.append(copy)
    scene.packets += new
    return new


def plain(scene: Scene) -> list[Packet]:
    """The packets of the connection, without timestamps."""
    wants(scene.plain_opening)
    mine = [one for one in scene.packets if one.side >= 0]
    scene.packets = mine
    for one in mine:
        one.without(TS)
    return [one.copy() for one in mine]


@fault("ID002", "iss-not-above")
def server_starts_below(scene: Scene) -> Blame:
    """The server closed first; the pair is used again, and the server starts below its old numbers."""
    wants(closed(scene) == 1)
    packets = plain(scene)
    end = scene.nxt(0, len(scene.packets))
    isn = (end + scene.rnd.randint(70_000, 2**28)) % 2**32, (scene.isn[1] - scene.rnd.randint(70_000, 2**28)) % 2**32
    new = once_more(scene, packets, isn, scene.rnd.randint(1, 40) * SECOND)
    return Blame(1, new[1])


@fault("ID003", "accepted")
def old_syn_accepted(scene: Scene) -> Blame:
    """The server closed first; a SYN from below the old numbers is accepted."""
    wants(closed(scene) == 1)
    packets = plain(scene)
    end = scene.nxt(1, len(scene.packets))
    isn = (scene.isn[0] - scene.rnd.randint(70_000, 2**28)) % 2**32, (end + scene.rnd.randint(70_000, 2**28)) % 2**32
    new = once_more(scene, packets, isn, scene.rnd.randint(1, 40) * SECOND)
    return Blame(1, new[1])


@fault("ID004", "early")
def closer_comes_back(scene: Scene) -> Blame:
    """The client closed first and comes back at once, from below its old numbers."""
    wants(closed(scene) == 0)
    packets = plain(scene)
    end = scene.nxt(1, len(scene.packets))
    isn = (scene.isn[0] - scene.rnd.randint(70_000, 2**28)) % 2**32, (end + scene.rnd.randint(70_000, 2**28)) % 2**32
    new = once_more(scene, packets, isn, scene.rnd.randint(1, 40) * SECOND)
    return Blame(0, new[0])


@fault("ID006", "inside")
def number_inside_the_old_ones(scene: Scene) -> Blame:
    """After a reset the client comes back with a number in the middle of what it had sent."""
    plain(scene)
    at = rest(scene)
    for _ in range(3):
        scene.talk(at, 0, [1200, 1200])
        at += 3
    scene.cut(at)
    again = [one.copy() for one in scene.packets]
    sent = scene.relative(0, scene.nxt(0, at))
    scene.say(1, RST | ACK)
    isn = (scene.isn[0] + scene.rnd.randint(1000, sent - 1000)) % 2**32, scene.rnd.randrange(2**32)
    new = once_more(scene, again, isn, scene.rnd.randint(1, 60) * SECOND)
    return Blame(0, new[0])


@fault("ID007", "reused")
def one_number_for_all(scene: Scene) -> Blame:
    """A machine begins three connections at one number."""
    return _several(scene, scene.isn[0], 3)


@fault("ID007", "zero-again")
def zero_for_all(scene: Scene) -> Blame:
    """A machine begins two connections at zero."""
    return _several(scene, 0, 2)


def _several(scene: Scene, number: int, count: int) -> Blame:
    """Connections from several ports of one machine, all from this number; blames the last one's third step."""
    packets = plain(scene)
    wants(packets[2].bare_ack)
    scene.packets = [packets[0].copy()]  # sets the time; taken out in the end
    for index in range(count):
        new = once_more(scene, packets, (number, scene.rnd.randrange(2**32)), (index + 1) * SECOND)
        for one in new:
            port, other = one.ports if one.side == 0 else one.ports[::-1]
            port = 1024 + (port - 1024 + index) % 64000
            one.set(ports=(port, other) if one.side == 0 else (other, port))
    del scene.packets[0]
    return Blame(None, new[2], new[2].who)
