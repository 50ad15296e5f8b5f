"""Faults that even a complete capture does not prove: what its frames show could have another cause.

The pages of the rules name each of them beforehand. tcplint must ask for evidence, with the reason given here, and
accuse nobody.
"""

import struct

from tools.faults.agreeing import opening
from tools.faults.closing import WAITS_MS, closed, first_fin
from tools.faults.fault import Blame, beyond_proof
from tools.faults.opening import plain_third, refused
from tools.faults.packet import ACK, ECE, FIN, MSS, PSH, RST, SYN, TS, WSCALE
from tools.faults.resets import rest
from tools.faults.scene import MS, SECOND, Scene, need, wants


@beyond_proof("HS002", "wrong-ack", "hole", "SYN-ACK 确认的多于 SYN：可能漏抓了携带数据的 SYN 副本。")
def synack_too_high(scene: Scene) -> Blame:
    """A SYN-ACK that acknowledges more than the SYN: a copy of the SYN with data may have been missed."""
    plain_third(scene)
    wrong = scene.packets[scene.synack]
    wrong.set(ack=wrong.ack + scene.rnd.randint(1, 100))
    scene.cut(scene.third)
    scene.say(0, RST).set(seq=wrong.ack)
    return Blame(1, wrong)


@beyond_proof("HS003", "wrong-ack", "hole", "第三步确认的多于 SYN-ACK：可能漏抓了服务器的数据。")
def third_step_too_high(scene: Scene) -> Blame:
    """A third step that acknowledges more than the SYN-ACK: the server's data may have been missed."""
    third = plain_third(scene)
    wrong = scene.own_id(third.copy(ack=third.ack + scene.rnd.randint(1, 100)))
    scene.insert(scene.third, wrong, max(scene.to_client, MS), 30 * MS)
    return Blame(0, wrong)


@beyond_proof("HS003", "wrong-seq", "", "第三步使用 SYN 本身的序号：漏抓第三步之后的保活报文也是这样。")
def third_step_at_the_syn(scene: Scene) -> Blame:
    """A third step at the number of the SYN itself: so looks a keep-alive behind a third step that was missed."""
    third = plain_third(scene)
    wrong = scene.own_id(third.copy(seq=third.seq - 1))
    scene.insert(scene.third, wrong, max(scene.to_client, MS), 30 * MS)
    return Blame(0, wrong)


@beyond_proof("HS003", "wrong-ack", "capture-end", "服务器此后只发复位或什么也不发：SYN-ACK 可能比漏抓的 SYN 高一。")
def third_step_too_low_for_nobody(scene: Scene) -> Blame:
    """The server then resets or says nothing: its SYN-ACK may stand one above a SYN that was missed."""
    third = plain_third(scene)
    at = scene.third
    wrong = scene.insert(at, scene.own_id(third.copy(ack=third.ack - 1)), max(scene.to_client, MS), 30 * MS)
    scene.cut(at + 2)
    if scene.rnd.random() < 0.5:
        scene.say(1, RST | ACK, later_ns=SECOND)
    return Blame(0, wrong)


@beyond_proof("HS012", "no-third-step", "hole", "没有第三步，SYN-ACK 也不重发：漏抓的纯 ACK 不留痕迹。")
def silent_client_patient_server(scene: Scene) -> Blame:
    """No third step, and the SYN-ACK is not repeated: a bare ACK that was missed leaves no trace."""
    plain_third(scene)
    scene.cut(scene.third)
    scene.run(30)
    return Blame(0, scene.packets[scene.synack])


@beyond_proof("RS001", "wrong-ack", "hole", "拒绝报文确认的多于 SYN：可能漏抓了携带数据的副本或另一个 SYN。")
def refusal_too_high(scene: Scene) -> Blame:
    """A refusal that acknowledges more than the SYN: a copy with data, or another SYN, may have been missed."""
    refusal = refused(scene)
    refusal.set(ack=refusal.ack + scene.rnd.randint(1, 100))
    scene.run(10)
    return Blame(1, refusal)


@beyond_proof("TD002", "below-stream", "hole", "服务器的 FIN 在客户端再说什么之前：SYN-ACK 可能比漏抓的 SYN 高一。")
def fin_at_the_synack(scene: Scene) -> Blame:
    """The server's FIN, before the client says more: its SYN-ACK may stand one above a SYN that was missed."""
    plain_third(scene)
    scene.cut(scene.third + 1)
    wrong = scene.say(1, ACK | FIN, later_ns=100 * MS)
    wrong.set(seq=scene.isn[1])
    scene.say(1, ACK | FIN, later_ns=300 * MS)
    scene.say(0, later_ns=max(scene.to_client, MS))
    return Blame(1, wrong)


@beyond_proof("TD004", "new-data", "hole", "远在 FIN 之后的数据：可能属于下一个连接，其 SYN 漏抓了。")
def data_far_behind_the_fin(scene: Scene) -> Blame:
    """Data far behind the FIN: they may be the next connection's, whose SYN was missed."""
    side, _ = first_fin(scene)
    place = len(scene.packets)
    data = scene.segment(place, side, ACK | PSH, 50)
    return Blame(side, scene.append(data.set(seq=data.seq + scene.rnd.randint(1500, 20_000)), 100 * MS))


@beyond_proof("TD003", "moved-up", "hole", "远高于第一个的第二个 FIN：可能属于下一个连接，其 SYN 漏抓了。")
def fin_again_far_above(scene: Scene) -> Blame:
    """A second FIN far above the first: it may be that of the next connection, whose SYN was missed."""
    side, at = first_fin(scene)
    wrong = scene.own_id(scene.packets[at].copy(payload=b""))
    wrong.set(seq=scene.after(at) + scene.rnd.randint(1500, 20_000))
    return Blame(side, scene.insert(at + 1, wrong, 300 * MS, 30 * MS))


@beyond_proof(
    "TD005",
    "seq-beyond-fin",
    "hole",
    "ACK 的序号比自己的 FIN 之后高出不止一：在那里发送的数据或另一个 FIN 可能漏抓了。",
)
def ack_far_behind_the_fin(scene: Scene) -> Blame:
    """An ACK more than one above the own FIN: what was sent there, data or another FIN, may have been missed."""
    side = closed(scene)
    wrong = scene.segment(len(scene.packets), side)
    scene.append(wrong.set(seq=wrong.seq + scene.rnd.randint(2, 900)), 100 * MS)
    return Blame(side, wrong)


@beyond_proof("RS005", "implausible", "hole", "高于窗口的 RST：之前可能有一段漏抓的数据。")
def reset_above_the_window(scene: Scene) -> Blame:
    """A RST above the window: it may follow a burst of data that was missed."""
    at, side = rest(scene), scene.rnd.randrange(2)
    shift = scene.packets[scene.syn if side else scene.synack].option(WSCALE)
    wants(shift is None or shift[0] <= 7)
    reset = scene.segment(at, side, RST | ACK)
    return Blame(None, scene.insert(at, reset.set(seq=reset.seq + 3 * 2**22)))


@beyond_proof("RS017", "ack-beyond", "hole", "RST 确认的比已发送的多一：可能漏抓了对方的 FIN。")
def reset_acknowledges_one_more(scene: Scene) -> Blame:
    """A RST that acknowledges one more than was sent: the peer's FIN may have been missed."""
    scene.cut(rest(scene))
    side = scene.rnd.randrange(2)
    reset = scene.say(side, RST | ACK)
    return Blame(side, reset.set(ack=reset.ack + 1))


@beyond_proof(
    "OP020", "not-requested", "hole", "没有时间戳，服务器同意了没有请求的 ECN：可能漏抓了请求过的早先的 SYN。"
)
def ecn_without_timestamps(scene: Scene) -> Blame:
    """ECN that nobody asked for, without timestamps: an earlier SYN that asked may have been missed."""
    syn, synack = opening(scene)
    for one in scene.packets:
        if one.side >= 0:
            one.without(TS)
    syn.set(flags=SYN)
    return Blame(1, synack.set(flags=SYN | ACK | ECE))


@beyond_proof("TD017", "unacknowledged", "", "最后的 FIN 没有确认，也不重发：可能漏抓了纯 ACK。")
def last_fin_once(scene: Scene) -> Blame:
    """The last FIN is never acknowledged and never repeated: the bare ACK may have been missed."""
    side = closed(scene)
    at = need(scene.fin(1 - side))
    wants(at > need(scene.fin(side)))
    scene.cut(at + 1)
    scene.run(20)
    return Blame(1 - side, scene.packets[at])


def _half_way(scene: Scene) -> None:
    """The tap is far from both ends."""
    wants(scene.plain_opening and scene.finished_sums and min(scene.to_client, scene.to_server) * 4 > scene.rtt)


@beyond_proof("TD011", "silent", "far-tap", "关闭之后沉默，在半途抓包：数据每次都可能在抓包点之后丢失。")
def silent_far_away(scene: Scene) -> Blame:
    """Silence after the close, seen halfway: the data may be lost behind the point of capture, each time."""
    side, at = first_fin(scene)
    _half_way(scene)
    scene.cut(at + 1)
    scene.say(1 - side, later_ns=scene.rtt)
    data = last = scene.say(1 - side, ACK | PSH, 500, SECOND)
    for wait in WAITS_MS[:3]:
        last = scene.again(data, wait * MS)
    scene.run(20)
    return Blame(side, last)


@beyond_proof("TD014", "silent", "far-tap", "TIME-WAIT 中沉默，在半途抓包：FIN 的副本可能在抓包点之后丢失。")
def silent_in_time_wait_far_away(scene: Scene) -> Blame:
    """Silence in TIME-WAIT, seen halfway: the copies of the FIN may be lost behind the point of capture."""
    side = closed(scene)
    _half_way(scene)
    at = need(scene.fin(1 - side))
    wants(at > need(scene.fin(side)) and not any(one.payload for one in scene.packets[at:]))
    for wait in (1, 2):
        last = scene.again(scene.packets[at], wait * SECOND)
    scene.run(10)
    return Blame(side, last)


@beyond_proof("TD007", "ack-beyond-fin", "hole", "确认的多于 FIN，此后没有报文：FIN 之后可能发送过漏抓的内容。")
def fin_counted_twice_at_the_end(scene: Scene) -> Blame:
    """An ACK of more than the FIN, and nothing follows: something may have been sent behind the FIN and missed."""
    side = closed(scene)
    wrong = scene.say(1 - side, later_ns=300 * MS)
    return Blame(1 - side, wrong.set(ack=wrong.ack + 1))


@beyond_proof("RS010", "not-reset", "far-tap", "关闭之后的数据一直没有引出 RST，在半途抓包：数据可能在抓包点之后丢失。")
def deaf_far_away(scene: Scene) -> Blame:
    """Data after the close that are never reset, seen halfway: they may be lost behind the point of capture."""
    side, at = first_fin(scene)
    _half_way(scene)
    scene.cut(at + 1)
    scene.say(1 - side, later_ns=scene.rtt)
    data = last = scene.say(1 - side, ACK | PSH, 500, SECOND)
    for wait in (0, *WAITS_MS[:3]):
        last = scene.again(data, wait * MS) if wait else data
        scene.say(side, later_ns=scene.rtt).set(ack=data.seq)
    scene.run(20)
    return Blame(side, last)


@beyond_proof("OP005", "too-large", "third-party", "两个载荷超过对方的 MSS：每个都可能是网卡合并的两个报文段。")
def two_segments_too_large(scene: Scene) -> Blame:
    """Two payloads above what the peer takes: each may be two segments that a network card put together."""
    at, side = rest(scene), scene.rnd.randrange(2)
    wants(scene.finished_sums and not any(one.length > 900 for one in scene.packets))
    opening(scene)[1 - side].plus(MSS, struct.pack(">H", 1000))
    return Blame(side, scene.talk(at, side, [1200] * 2)[0])
