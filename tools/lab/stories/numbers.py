"""Sequence numbers at their limits, and a device that changes them on the way.

A kernel lets its owner choose the initial number of a socket that calls (TCP_REPAIR), not of one that listens; a device
in the path may shift the numbers of either. The device here is the wire: what one end sends is moved by a constant, and
what the other end acknowledges is moved back. Only what the capture at the client sees is told.
"""

import socket
import struct
from collections.abc import Callable

from tools.lab.frame import ACK, Seen, remade
from tools.lab.match import from_client, from_server, is_synack, is_tcp
from tools.lab.scene import ANSWER, QUESTION, TCP_REPAIR, Scene
from tools.lab.story import Outcome, story

TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ, SEND_QUEUE = 20, 21, 2
LAST = 0xFFFFFFFF  # the highest number; 0 follows

USUAL = Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close"))


def beginning_at(number: int) -> Callable[[socket.socket], None]:
    """What gives a socket that is about to call its initial sequence number."""

    def prepare(caller: socket.socket) -> None:
        caller.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        caller.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, SEND_QUEUE)
        caller.setsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ, struct.pack("=I", number))
        caller.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 0)

    return prepare


class Shift:
    """A device that moves the server's numbers so that the client sees them begin at `number`."""

    def __init__(self, scene: Scene, number: int) -> None:
        self._number, self._by = number, 0
        scene.wire.rewrite(is_tcp & from_server, self._there, times=None)
        scene.wire.rewrite(is_tcp & from_client, self._back, times=None)

    def _there(self, seen: Seen) -> bytes:
        if is_synack(seen):
            self._by = self._number - seen.seq
        return remade(seen, seq=seen.seq + self._by)

    def _back(self, seen: Seen) -> bytes:
        return remade(seen, ack=seen.ack - self._by) if seen.flags & ACK else seen.octets


def talk_and_close(scene: Scene, prepare: Callable[[socket.socket], None] | None = None) -> None:
    """Eleven frames: handshake, question and answer, and the client closes first."""
    listener = scene.listen()
    client = scene.call(prepare=prepare)
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/syn-has-last-number",
    title=("A SYN with the last sequence number", "序号为最大值的 SYN"),
    text=(
        "The client's initial number is 4294967295, the highest there is. The SYN takes it, so the next number is 0: "
        "the SYN,ACK acknowledges 0, and the first octet of the question is number 0. All arithmetic on sequence "
        "numbers is modulo 2^32 (RFC 9293 §3.4); an acknowledgment of 0 is as good as any.",
        "客户端的初始序号是 4294967295，即最大的序号。SYN 占用了它，下一个序号就是 0：SYN,ACK 确认 0，问题的第一个字节"
        "序号为 0。序号的一切运算都以 2^32 为模（RFC 9293 §3.4），确认号 0 与其他确认号并无不同。",
    ),
    wireshark="tcp.seq_raw == 4294967295 || tcp.ack_raw == 0",
    frames=11,
    expect=USUAL,
)
def syn_has_last_number(scene: Scene) -> None:
    """The client begins at 2^32 - 1."""
    talk_and_close(scene, beginning_at(LAST))


@story(
    "teardown/numbers-wrap-at-client",
    title=("The client's numbers pass through zero", "客户端的序号回绕"),
    text=(
        "The client's initial number is 4294967280, so its numbers wrap around to 0 in the middle of the question. "
        "The acknowledgments and the FIN behind it are small numbers, the SYN was a big one, and all of it is in order "
        "(RFC 9293 §3.4).",
        "客户端的初始序号是 4294967280，因此它的序号在问题的中间回绕到 0。之后的确认号和 FIN 都是很小的数，而 SYN 是很"
        "大的数，一切都是正常的（RFC 9293 §3.4）。",
    ),
    wireshark="tcp.seq_raw > 4294967000 || tcp.flags.fin == 1",
    frames=11,
    expect=USUAL,
)
def numbers_wrap_at_client(scene: Scene) -> None:
    """The client begins 16 below the end."""
    talk_and_close(scene, beginning_at(LAST - 15))


@story(
    "teardown/fin-has-last-number",
    title=("The server's FIN has the last number", "服务器的 FIN 占用最大的序号"),
    text=(
        "A device on the way shifts the server's numbers, as many firewalls do to hide poor initial numbers; captured "
        "at the client. What the client sees is chosen so that the server's FIN takes 4294967295, the highest number: "
        "the last ACK of the close acknowledges 0. The server's stack sees none of this.",
        "途中的设备移动了服务器的序号，许多防火墙用这种方法掩盖质量差的初始序号；在客户端处抓包。移动的量使客户端看到"
        "服务器的 FIN 恰好占用最大的序号 4294967295：关闭的最后一个 ACK 确认 0。服务器的协议栈对此毫无察觉。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.ack_raw == 0",
    frames=11,
    expect=USUAL,
)
def fin_has_last_number(scene: Scene) -> None:
    """SYN and answer take the numbers before."""
    Shift(scene, LAST - 1 - len(ANSWER))
    talk_and_close(scene)


@story(
    "teardown/numbers-wrap-at-server",
    title=("The server's numbers pass through zero", "服务器的序号回绕"),
    text=(
        "A device on the way shifts the server's numbers so that the client, where this was captured, sees the answer "
        "wrap around to 0 in its middle. The client closes, and the server answers during the half-close: also "
        "acknowledgments in FIN-WAIT-2 count modulo 2^32 (RFC 9293 §3.4).",
        "途中的设备移动了服务器的序号，使客户端（抓包处）看到回答在中间回绕到 0。客户端先关闭，服务器在半关闭期间回答："
        "FIN-WAIT-2 中的确认同样以 2^32 为模（RFC 9293 §3.4）。",
    ),
    wireshark="tcp.seq_raw > 4294967000 || tcp.flags.fin == 1",
    frames=11,  # S SA A, P A, FA A, P A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("half-close-with-data", "four-way-close")),
)
def numbers_wrap_at_server(scene: Scene) -> None:
    """The client sees the server begin 16 below the end; the answer comes after the client's FIN."""
    Shift(scene, LAST - 15)
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.shutdown(socket.SHUT_WR)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.send(server, ANSWER)
    scene.read(client)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/numbers-shifted",
    title=("A device replaces the initial number", "途中的设备替换初始序号"),
    text=(
        "A firewall replaces the server's initial number by one of its own and moves every later number by the same "
        "distance, and the client's acknowledgments back. At the client, where this was captured, and at the server "
        "all numbers fit; only who compares captures from both sides of the device sees that they differ.",
        "防火墙用自己选的数替换服务器的初始序号，之后的每个序号都移动同样的距离，客户端的确认号则移回去。在客户端（抓"
        "包处）和服务器处，所有序号都是一致的；只有比较设备两侧的抓包才会发现不同。",
    ),
    wireshark="tcp.seq_raw == 305419896",
    frames=11,
    expect=USUAL,
)
def numbers_shifted(scene: Scene) -> None:
    """The client sees the server begin at 0x12345678."""
    Shift(scene, 0x12345678)
    talk_and_close(scene)
