"""An attempt that one of the programs gives up, or whose connection nobody takes."""

from tools.lab.match import from_client, is_bare_ack, is_syn, is_synack
from tools.lab.scene import Scene
from tools.lab.story import Outcome, story


@story(
    "handshake/given-up-before-the-answer",
    title=("The client gives up before the answer", "客户端在应答之前放弃"),
    text=(
        "The answer of the server is slow. The client's program closes its socket in SYN-SENT: nothing is sent, the "
        "attempt is simply forgotten (RFC 9293 §3.10.4). When the SYN,ACK arrives after all, there is no connection "
        "that it could belong to, and the client's stack answers RST at the number that it acknowledges.",
        "服务器的应答来得慢。客户端程序在 SYN-SENT 中关闭套接字：不发送任何报文，只是忘记这次尝试（RFC 9293 §3.10.4"
        "）。SYN,ACK 终于到达时，已没有它所属的连接，客户端协议栈以其确认号为序号回应 RST。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=3,  # S, SA R
    # The server's socket is back in LISTEN, ready for others; this connection is over.
    expect=Outcome("reset-by-initiator", "not-applicable", notes=("reset-after-synack",), hidden=("server",)),
)
def given_up_before_the_answer(scene: Scene) -> None:
    """The SYN,ACK is held until the socket is closed."""
    scene.wire.hold(is_synack)
    scene.listen()
    client = scene.call()
    scene.moment("SYN-SENT", "SYN-RECEIVED", hidden=("server",))
    client.close()
    scene.moment("CLOSED", "SYN-RECEIVED", hidden=("client", "server"))
    scene.wire.release()
    scene.moment("CLOSED", "LISTEN", hidden=("server",))


@story(
    "handshake/given-up-in-silence",
    title=("The client gives up without a trace", "客户端不留痕迹地放弃"),
    text=(
        "The SYN is lost. The client's program loses patience and closes its socket: CLOSE in SYN-SENT sends nothing "
        "(RFC 9293 §3.10.4). What is left is one SYN without answer and without a second copy; an unrelated datagram "
        "shows that the capture was still running when the copy would have been due.",
        "SYN 丢失。客户端程序失去耐心，关闭了套接字：在 SYN-SENT 中 CLOSE 不发送任何报文（RFC 9293 §3.10.4）。留下的只"
        "有一个没有应答、也没有重传的 SYN；一个无关的数据报表明，在本该重传的时刻抓包仍在进行。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=2,  # S, and a datagram
    # The frames do not show whether the client still waits.
    expect=Outcome("unanswered", "not-applicable", notes=("unanswered-syn",), hidden=("client",)),
)
def given_up_in_silence(scene: Scene) -> None:
    """A datagram 3.2 s later."""
    scene.wire.drop(is_syn)
    scene.listen()
    client = scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    client.close()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))
    scene.run(3.1)
    scene.unrelated()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))


@story(
    "handshake/rst-overtakes-third-step",
    title=("The third step is overtaken by a RST", "RST 赶在第三次握手之前"),
    text=(
        "The client is connected, sends the third segment of the handshake and aborts at once. The third segment is "
        "lost; the server, where this was captured, is still in SYN-RECEIVED when the RST arrives, and returns to "
        "LISTEN (RFC 9293 §3.10.7.4). Its program never hears of the client.",
        "客户端已建立连接，发送第三次握手的报文后立即异常终止。第三个报文丢失；RST 到达时，服务器（抓包处）仍处于 "
        "SYN-RECEIVED，于是回到 LISTEN（RFC 9293 §3.10.7.4）。服务器程序从未得知这个客户端。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=3,  # S SA, RA
    # The server's socket is back in LISTEN, ready for others; this connection is over.
    expect=Outcome("reset-by-initiator", "not-applicable", notes=("reset-after-synack",), hidden=("server",)),
    tap="server",
)
def rst_overtakes_third_step(scene: Scene) -> None:
    """The client's bare ACK is dropped."""
    scene.wire.drop(from_client & is_bare_ack)
    scene.listen()
    client = scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("client",))
    scene.abort(client)
    scene.moment("CLOSED", "LISTEN", hidden=("server",))


@story(
    "handshake/listener-closed-meanwhile",
    title=("The listener closes during the handshake", "握手期间收听套接字关闭"),
    text=(
        "The server has answered the SYN, but before the third segment arrives its program stops listening: nobody is "
        "left who could take the connection. The third segment is answered like any segment without a connection, by "
        "RST at its acknowledgment number (RFC 9293 §3.10.7.1). For the client, connected since its ACK, that is an "
        "abort. Captured at the server.",
        "服务器已应答 SYN，但在第三个报文到达之前，程序停止了收听：再也没有人能接受这个连接。第三个报文像任何不属于连"
        "接的报文一样得到处理：服务器以其确认号为序号回应 RST（RFC 9293 §3.10.7.1）。对发出 ACK 后就已建立连接的客户端"
        "来说，这是异常终止。在服务器处抓包。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=4,  # S SA, A R
    expect=Outcome("three-way", "abort", notes=("abortive-close",)),
    tap="server",
)
def listener_closed_meanwhile(scene: Scene) -> None:
    """The client's ACK is held until the listener is closed."""
    scene.wire.hold(from_client & is_bare_ack)
    listener = scene.listen()
    scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("client",))
    listener.close()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("client",))
    scene.wire.release()
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/never-accepted",
    title=("A connection that nobody accepted", "无人接受的连接"),
    text=(
        "The handshake is complete, but the server's program has not called accept() yet: the connection waits in the "
        "queue of the listening socket. The program closes that socket. Nobody can ever take the connection now, so "
        "the server's stack aborts it with RST.",
        "握手已完成，但服务器程序尚未调用 accept()：连接在收听套接字的队列中等待。程序关闭了这个套接字。再也没有人能接"
        "受这个连接，服务器的协议栈于是用 RST 将其异常终止。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=4,  # S SA A, RA
    expect=Outcome("three-way", "abort", notes=("three-way-handshake", "abortive-close")),
)
def never_accepted(scene: Scene) -> None:
    """The listener is closed with a connection in its queue."""
    listener = scene.listen()
    scene.call()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    listener.close()
    scene.moment("CLOSED", "CLOSED")
