"""Faults of resets: numbers from nowhere, answers to a RST, going on after one, a challenge that is not understood."""

from tools.faults.closing import first_fin
from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, PSH, RST, TS, Packet
from tools.faults.scene import MS, SECOND, Scene, wants


def rest(scene: Scene) -> int:
    """A place at which both have said and acknowledged everything."""
    places = scene.rests()
    wants(bool(places) and scene.plain_opening)
    return scene.rnd.choice(places)


@fault("RS003", "wrong-seq")
def false_answer_to_a_stray(scene: Scene) -> Blame:
    """A host without the connection answers an ACK by a RST with a wrong number."""
    syn, synack = scene.packets[scene.syn], scene.packets[scene.synack]
    port = syn.ports[0] ^ 1
    number = scene.rnd.randrange(2**32)
    stray = scene.own_id(syn.copy(flags=ACK, ports=(port, syn.ports[1]), seq=scene.rnd.randrange(2**32), ack=number))
    reset = scene.own_id(
        synack.copy(flags=RST, ports=(syn.ports[1], port), seq=number + scene.rnd.choice([1, 1, 2, 5]), ack=0)
    )
    at = scene.rnd.randint(1, len(scene.packets))
    for offset, one in enumerate((stray, reset)):
        one.set(options=b"", side=-1)
        scene.insert(at + offset, one, 10 * MS, MS)
    return Blame(None, reset, reset.who)


@fault("RS005", "implausible")
def forged_number(scene: Scene) -> Blame:
    """A RST in the name of one end, somewhat below its numbers; the connection goes on."""
    at, side = rest(scene), scene.rnd.randrange(2)
    reset = scene.segment(at, side, RST | ACK)
    reset.set(seq=scene.isn[side] - scene.rnd.randint(1000, 60000))
    return Blame(None, scene.insert(at, reset))


@fault("RS006", "outside")
def number_from_nowhere(scene: Scene) -> Blame:
    """A bare RST in the name of one end, far from its numbers; the connection goes on."""
    at, side = rest(scene), scene.rnd.randrange(2)
    reset = scene.segment(at, side, RST)
    away = scene.rnd.choice([-5000 - reset.seq + scene.isn[side], scene.rnd.randint(2**30, 2**31 - 2**24)])
    return Blame(None, scene.insert(at, reset.set(seq=reset.seq + away)))


@fault("RS013", "answered")
def reset_for_a_reset(scene: Scene) -> Blame:
    """An end answers every RST by one of its own."""
    scene.cut(rest(scene))
    side = scene.rnd.randrange(2)
    wait = max(60 * MS, scene.rtt)
    for _ in range(2):
        scene.say(side, RST | ACK, later_ns=wait)
        answer = scene.say(1 - side, RST, later_ns=wait)
    return Blame(1 - side, answer)


@fault("RS014", "goes-on")
def goes_on_after_its_own_reset(scene: Scene) -> Blame:
    """A right RST in the name of one end, which sends new data later all the same."""
    at, side = rest(scene), scene.rnd.randrange(2)
    data = scene.talk(at, side, [scene.rnd.choice([50, 500])])[0]
    scene.insert(at, scene.segment(at, side, RST), 20 * MS, 2 * scene.rtt + 200 * MS)
    return Blame(None, data)


@fault("RS015", "goes-on")
def goes_on_after_a_reset(scene: Scene) -> Blame:
    """An end gets a RST and sends new data later all the same; the capture was taken there."""
    side = scene.rnd.randrange(2)
    wants(scene.near(side))
    scene.cut(rest(scene))
    wait = 2 * scene.rtt + 200 * MS
    scene.say(1 - side, RST)
    return Blame(side, scene.say(side, ACK | PSH, 100, wait))


@fault("RS017", "ack-beyond")
def reset_acknowledges_too_much(scene: Scene) -> Blame:
    """A RST,ACK acknowledges a little more than the peer has sent, which ended with a FIN."""
    closer, at = first_fin(scene)
    scene.cut(at + 1)
    scene.say(1 - closer, later_ns=30 * MS)
    reset = scene.say(1 - closer, RST | ACK)
    return Blame(1 - closer, reset.set(ack=reset.ack + scene.rnd.randint(1, 4)))


@fault("RS017", "ack-zero")
def reset_acknowledges_nothing(scene: Scene) -> Blame:
    """A RST,ACK with an empty field."""
    scene.cut(rest(scene))
    side = scene.rnd.randrange(2)
    wants(2**27 < scene.isn[1 - side] < 2**32 - 2**27)  # else 0 may be the right number
    return Blame(side, scene.say(side, RST | ACK).set(ack=0))


@fault("RS021", "wrong-seq")
def challenge_misread(scene: Scene) -> Blame:
    """A SYN inside the connection is challenged, and the RST that answers has a wrong number."""
    syn, challenge = _challenged(scene)
    reset = scene.own_id(syn.copy(flags=RST, seq=challenge.ack + scene.rnd.randint(1, 9), options=b""))
    scene.append(reset, 20 * MS)
    scene.again(syn, SECOND)
    scene.again(challenge, 20 * MS)
    return Blame(0, reset)


@fault("RS021", "not-reset")
def challenge_ignored(scene: Scene) -> Blame:
    """A SYN inside the connection is challenged and repeated, but never followed by a RST."""
    wants(scene.near(0))
    wait = scene.rtt
    syn, challenge = _challenged(scene)
    scene.again(syn, SECOND)
    second = scene.again(challenge, wait)
    scene.run(20)
    return Blame(0, second)


def _challenged(scene: Scene) -> tuple[Packet, Packet]:
    """The client forgot the connection and begins anew; the server challenges. Gives SYN and challenge."""
    at = rest(scene)
    wants(scene.rtt < SECOND)
    scene.cut(at)
    old = scene.packets[scene.syn]
    syn = scene.own_id(old.copy(seq=old.seq + scene.rnd.randint(2**26, 2**30)))
    challenge = scene.segment(at, 1)
    if syn.option(TS):
        syn.stamped((syn.stamps or (0, 0))[0] + 60_000, 0)
    scene.append(syn, scene.rnd.randint(30, 90) * SECOND)
    scene.append(challenge, max(scene.rtt, 20 * MS))
    return syn, challenge
