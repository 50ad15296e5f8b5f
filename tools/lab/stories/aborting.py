"""More connections that end by RST: aborts by either end, in every phase, and data that nobody will read."""

import socket

from tools.lab.match import from_client, is_data, is_rst
from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.story import Outcome, story

ABORT = Outcome("three-way", "abort", notes=("abortive-close",))


@story(
    "teardown/abort-by-server",
    title=("The server aborts", "服务器异常终止"),
    text=(
        "The server's program sets SO_LINGER to 0 and closes: RST instead of FIN (RFC 9293 §3.10.5). Both ends forget "
        "the connection at once; the server needs no TIME-WAIT, which is why some servers do this, at the cost of "
        "whatever was still under way.",
        "服务器程序把 SO_LINGER 设为 0 后关闭：发送 RST 而不是 FIN（RFC 9293 §3.10.5）。双方立即忘记连接；服务器不需要"
        " TIME-WAIT，有些服务器因此这样做，代价是仍在途中的一切。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=8,  # S SA A, P A P A, RA
    expect=ABORT,
)
def abort_by_server(scene: Scene) -> None:
    """SO_LINGER with time 0 at the server."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.abort(server)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/abort-by-both",
    title=("Both ends abort at once", "双方同时异常终止"),
    text=(
        "Both programs abort at the same moment and the two RSTs cross in the middle, where this was captured. Each "
        "reaches an end that no longer knows the connection; a RST is never answered with a RST (RFC 9293 §3.10.7.1), "
        "so it is quiet at once.",
        "两个程序同时异常终止，两个 RST 在途中（抓包处）交错。每个 RST 到达的一端都已不认识这个连接；RST 从不以 RST 回"
        "应（RFC 9293 §3.10.7.1），因此立即归于平静。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=9,  # S SA A, P A P A, RA RA
    expect=Outcome("three-way", "abort-both", notes=("abortive-close",)),
    tap="middle",
)
def abort_by_both(scene: Scene) -> None:
    """The wire holds both RSTs until both are sent."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.hold(is_rst, times=2)
    scene.abort(client)
    scene.abort(server)
    scene.moment("CLOSED", "CLOSED")
    scene.wire.release()
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/abort-after-fin",
    title=("An abort behind the own FIN", "自己的 FIN 之后异常终止"),
    text=(
        "The client has shut down its sending direction and waits for the rest of the answer in FIN-WAIT-2. Then it "
        "loses patience and aborts: RST behind its own FIN (RFC 9293 §3.10.5). No data had come that asked for the "
        "RST; it is the program's will alone.",
        "客户端关闭了发送方向，在 FIN-WAIT-2 中等待回答的其余部分。随后它失去耐心，异常终止：在自己的 FIN 之后发送 RST"
        "（RFC 9293 §3.10.5）。并没有数据到来引发这个 RST，它只出于程序的意愿。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
    frames=10,  # S SA A, P A P A, FA A, RA
    expect=Outcome("three-way", "rst-after-fin", active_closer="client", notes=("reset-after-own-fin",)),
)
def abort_after_fin(scene: Scene) -> None:
    """shutdown(), then SO_LINGER with time 0."""
    client, server = scene.open()
    scene.talk(client, server)
    client.shutdown(socket.SHUT_WR)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.abort(client)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/abort-in-close-wait",
    title=("The server aborts instead of closing second", "服务器以异常终止代替第二个 FIN"),
    text=(
        "The client closes in order. The server acknowledges the FIN, but its program, in CLOSE-WAIT, aborts: instead "
        "of a second FIN there comes a RST (RFC 9293 §3.10.5). The client's FIN-WAIT-2 ends at once and nobody waits "
        "in TIME-WAIT.",
        "客户端正常关闭。服务器确认了 FIN，但处于 CLOSE-WAIT 的服务器程序异常终止：到来的不是第二个 FIN 而是 RST（RFC "
        "9293 §3.10.5）。客户端的 FIN-WAIT-2 立即结束，没有一方停留在 TIME-WAIT。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
    frames=10,  # S SA A, P A P A, FA A, RA
    expect=Outcome("three-way", "abort", active_closer="client", notes=("abortive-close",)),
)
def abort_in_close_wait(scene: Scene) -> None:
    """The client closes, the server aborts."""
    client, server = scene.open()
    scene.talk(client, server)
    client.shutdown(socket.SHUT_WR)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.abort(server)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/close-unread-by-server",
    title=("The server closes without reading the question", "服务器未读问题就关闭"),
    text=(
        "The client's question has arrived and was acknowledged, but the server's program closes without reading it. "
        "Its stack sends RST instead of FIN (RFC 1122 §4.2.2.13): the client must learn that acknowledged octets were "
        "never read.",
        "客户端的问题已到达并得到确认，但服务器程序没有读取就关闭。它的协议栈发送 RST 而不是 FIN（RFC 1122 §4.2.2.13"
        "）：必须让客户端知道，已确认的字节从未被读取。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=6,  # S SA A, P A, RA
    expect=ABORT,
)
def close_unread_by_server(scene: Scene) -> None:
    """The server closes with the question in its buffer."""
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    server.close()
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/data-after-close-by-client",
    title=("Data for a client that has closed", "发往已关闭的客户端的数据"),
    text=(
        "The client asks and closes for good, as when a download is stopped. The server, in CLOSE-WAIT, may still "
        "send, and does. Nobody will read its answer: the client's stack answers with RST (RFC 9293 §3.6.1 SHLD-3), "
        "so that the server learns of the loss.",
        "客户端提问后彻底关闭，就像中止下载。处于 CLOSE-WAIT 的服务器仍可发送，于是发送回答。不会再有人读取它：客户端"
        "协议栈回应 RST（RFC 9293 §3.6.1 SHLD-3），使服务器得知数据丢失。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
    frames=9,  # S SA A, P A, FA A, P R
    expect=Outcome("three-way", "rst-after-fin", active_closer="client", notes=("reset-after-own-fin",)),
)
def data_after_close_by_client(scene: Scene) -> None:
    """The client closes; the server sends."""
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.send(server, ANSWER)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/data-crosses-close",
    title=("Data and FIN cross on the way", "数据与 FIN 在途中交错"),
    text=(
        "The server closes for good while a second question is under way: question and FIN cross in the middle, where "
        "this was captured. The client acknowledges the FIN; the question reaches a socket that nobody will read and "
        "is answered with RST at its acknowledgment number, which is that of the FIN itself, because the client had "
        "not seen the FIN when it asked.",
        "服务器彻底关闭时，第二个问题正在途中：问题与 FIN 在途中（抓包处）交错。客户端确认了 FIN；问题到达的套接字不会"
        "再有人读取，服务器以该问题的确认号为序号回应 RST。这个序号就是 FIN 自己的序号，因为客户端提问时还没有见到 FIN"
        "。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1 || tcp.len > 0",
    frames=11,  # S SA A, P A P A, P FA A, R
    # One below what the client expects next: RFC 9293 would drop it there, this kernel takes it in CLOSE-WAIT.
    expect=Outcome(
        "three-way",
        "rst-after-fin",
        active_closer="server",
        notes=("reset-after-own-fin",),
        hidden=("client",),
    ),
    tap="middle",
)
def data_crosses_close(scene: Scene) -> None:
    """The second question is held until the FIN has been acknowledged."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.hold(from_client & is_data)
    scene.send(client, QUESTION)
    server.close()
    scene.wire.until(lambda: len(scene.wire.seen) == 10, "the ACK of the FIN")
    scene.wire.release()
    scene.moment("CLOSED", "CLOSED", hidden=("client",))
