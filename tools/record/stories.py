"""The stories: what the two programs do, told and done.

`frames` is how many frames the deeds must put on the wire, counted by hand; a recording with another number is thrown
away. Each `send` is followed by a quiet wait, so that its acknowledgment is a segment of its own.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from tools.record.scene import SERVER, Scene, drop_everything

QUESTION = b"How many segments does a close take?\n"
ANSWER = b"Four, or three when nothing is left to say.\n"


@dataclass(frozen=True)
class Story:
    """One story; texts are English and Chinese. The outcome words are those of `tcplint connections`."""

    title: tuple[str, str]
    text: tuple[str, str]
    wireshark: str  # a display filter for what is worth seeing
    frames: int
    handshake: str
    teardown: str
    active_closer: str  # client, server, none
    play: Callable[[Scene], None]


def talk(scene: Scene, client: socket.socket, server: socket.socket) -> None:
    """A question, an answer, and both acknowledgments: four frames. Nothing is left unread."""
    client.sendall(QUESTION)
    server.recv(1024)
    scene.moment()
    server.sendall(ANSWER)
    client.recv(1024)
    scene.moment()


def close_by_client(scene: Scene) -> None:
    """The client closes; the server waits, then closes too."""
    client, server = scene.open()
    talk(scene, client, server)
    client.close()
    scene.moment()
    server.close()
    scene.moment()


def close_by_server(scene: Scene) -> None:
    """The server closes; the client waits, then closes too."""
    client, server = scene.open()
    talk(scene, client, server)
    server.close()
    scene.moment()
    client.close()
    scene.moment()


def three_segment_close(scene: Scene) -> None:
    """The server closes at once when it reads the end of the stream, before its delayed ACK is due."""
    client, server = scene.open()
    talk(scene, client, server)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
    client.close()
    server.recv(1024)
    server.close()
    scene.moment()


def half_close_with_data(scene: Scene) -> None:
    """The client stops sending; the server still sends two pieces, then closes."""
    client, server = scene.open()
    client.sendall(QUESTION)
    server.recv(1024)
    scene.moment()
    client.shutdown(socket.SHUT_WR)
    scene.moment()
    for _ in range(2):
        server.sendall(ANSWER)
        client.recv(1024)
        scene.moment()
    server.close()
    scene.moment()
    client.close()


def abort(scene: Scene) -> None:
    """SO_LINGER with time 0 makes close an abort: RST instead of FIN."""
    client, server = scene.open()
    talk(scene, client, server)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    scene.moment()
    with contextlib.suppress(ConnectionResetError):
        server.recv(1024)


def data_after_close(scene: Scene) -> None:
    """The server closes for good; the client, which may still send, does, and nobody is there to read it."""
    client, server = scene.open()
    talk(scene, client, server)
    server.close()
    scene.moment()
    client.sendall(QUESTION)
    scene.moment()


def refused(scene: Scene) -> None:
    """Nobody listens on the port."""
    client = scene.caller()
    with contextlib.suppress(ConnectionRefusedError):
        client.connect(SERVER)
    scene.moment()


def unanswered(scene: Scene) -> None:
    """A filter drops every SYN: three copies at 0, 1 and 3 s; a datagram after 6.6 s shows that nothing else came."""
    scene.wire.client.sysctl("net/ipv4/tcp_syn_linear_timeouts", 0)
    drop_everything(scene.listen())
    client = scene.caller()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 2)
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        client.connect(SERVER)
    scene.moment()
    time.sleep(3.5)
    scene.moment()
    time.sleep(2.9)
    scene.unrelated()
    scene.moment()


STORIES = {
    "handshake/refused": Story(
        title=("A port where nobody listens", "端口无人收听"),
        text=(
            "The client connects to a port on which no program of the server listens. The server's stack answers the "
            "SYN with RST,ACK, and connect() fails at once with “connection refused”.",
            "客户端连接服务器上没有程序收听的端口。服务器的协议栈用 RST,ACK 回应 SYN，connect() 立即失败："
            "“连接被拒绝”。",
        ),
        wireshark="tcp.flags.reset == 1",
        frames=2,
        handshake="refused",
        teardown="not-applicable",
        active_closer="none",
        play=refused,
    ),
    "handshake/unanswered": Story(
        title=("A SYN that nobody answers", "SYN 无人应答"),
        text=(
            "A filter in front of the listening server drops every SYN without an answer. The client sends its SYN "
            "again after one second and after two more. An unrelated datagram, more than three seconds after the last "
            "copy, shows that the capture was still running.",
            "服务器虽在收听，但前面的过滤器丢弃所有 SYN，不作应答。客户端在 1 秒后、再过 2 秒后重传 SYN。最后一次重传"
            " 3 秒多以后，一个无关的数据报表明抓包仍在进行。",
        ),
        wireshark="tcp.flags.syn == 1",
        frames=4,
        handshake="unanswered",
        teardown="not-applicable",
        active_closer="none",
        play=unanswered,
    ),
    "teardown/close-by-client": Story(
        title=("The client closes first", "客户端先关闭"),
        text=(
            "The client asks, the server answers, the client closes. The server's program waits a moment before it "
            "closes too, so its ACK and its FIN are two segments: the four-way close of the textbook. The client, "
            "which closed first, stays in TIME-WAIT.",
            "客户端提问，服务器回答，客户端关闭。服务器程序稍等片刻才关闭，因此它的 ACK 与 FIN 是两个报文：教科书中的"
            "四次挥手。先关闭的客户端停留在 TIME-WAIT。",
        ),
        wireshark="tcp.flags.fin == 1",
        frames=11,
        handshake="three-way",
        teardown="four-way",
        active_closer="client",
        play=close_by_client,
    ),
    "teardown/close-by-server": Story(
        title=("The server closes first", "服务器先关闭"),
        text=(
            "The client asks, the server answers and closes first, as many web servers do. The client closes a moment "
            "later. Now it is the server that has to stay in TIME-WAIT.",
            "客户端提问，服务器回答后先关闭，许多 Web 服务器就是这样。客户端稍后关闭。这一次是服务器停留在 TIME-WAIT。",
        ),
        wireshark="tcp.flags.fin == 1",
        frames=11,
        handshake="three-way",
        teardown="four-way",
        active_closer="server",
        play=close_by_server,
    ),
    "teardown/three-segment-close": Story(
        title=("A close in three segments", "三个报文的关闭"),
        text=(
            "The client closes. The server's program closes as soon as it reads the end of the stream, before the "
            "acknowledgment of the client's FIN has left: ACK and FIN go in one segment, and the close takes three.",
            "客户端关闭。服务器程序一读到流的末尾就关闭，此时对客户端 FIN 的确认还没有发出："
            "ACK 与 FIN 合并在一个报文中，关闭只用三个报文。",
        ),
        wireshark="tcp.flags.fin == 1",
        frames=10,
        handshake="three-way",
        teardown="three-segment",
        active_closer="client",
        play=three_segment_close,
    ),
    "teardown/half-close-with-data": Story(
        title=("A half-close with data", "半关闭期间继续传送数据"),
        text=(
            "The client asks and shuts down its sending direction: its FIN goes out, but it still reads. The server "
            "sends two more pieces of data, which the client acknowledges in FIN-WAIT-2, and then closes. This is why "
            "a close has four segments and not two.",
            "客户端提问后关闭自己的发送方向：FIN 已发出，但仍可接收。服务器又发送两段数据，客户端在 FIN-WAIT-2 状态中"
            "确认，之后服务器关闭。这就是挥手需要四次的原因。",
        ),
        wireshark="tcp.len > 0 || tcp.flags.fin == 1",
        frames=13,
        handshake="three-way",
        teardown="four-way",
        active_closer="client",
        play=half_close_with_data,
    ),
    "teardown/abort": Story(
        title=("An abort", "异常终止"),
        text=(
            "The client sets SO_LINGER with a time of 0 and closes. That is an abort: it sends RST instead of FIN, "
            "both ends forget the connection at once, and nobody waits in TIME-WAIT.",
            "客户端把 SO_LINGER 的时间设为 0 后关闭。这是异常终止：发送 RST 而不是 FIN，双方立即忘记连接，"
            "没有一方停留在 TIME-WAIT。",
        ),
        wireshark="tcp.flags.reset == 1",
        frames=8,
        handshake="three-way",
        teardown="abort",
        active_closer="none",
        play=abort,
    ),
    "teardown/data-after-close": Story(
        title=("Data for a closed socket", "向已关闭的套接字发送数据"),
        text=(
            "The server closes its socket for good and waits in FIN-WAIT-2. The client has not closed and may send, so "
            "it sends. Nobody will read these octets: the server's stack answers with RST, as RFC 9293 §3.6.1 asks, so "
            "that the client learns of the loss.",
            "服务器彻底关闭了套接字，停留在 FIN-WAIT-2。客户端没有关闭，仍可发送，于是发送数据。这些字节不会再有人"
            "读取：服务器的协议栈按 RFC 9293 §3.6.1 的要求回应 RST，使客户端得知数据丢失。",
        ),
        wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
        frames=11,
        handshake="three-way",
        teardown="rst-after-fin",
        active_closer="server",
        play=data_after_close,
    ),
}
