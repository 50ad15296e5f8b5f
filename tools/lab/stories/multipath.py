"""Multipath TCP (RFC 8684): several paths for one stream, here with one. For TCP it is an option like others."""

import socket

from tools.lab.match import is_tcp
from tools.lab.scene import MPTCP, Scene
from tools.lab.story import Outcome, story

USUAL = Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close"))


def opened(scene: Scene) -> tuple[socket.socket, socket.socket]:
    """Both ends speak Multipath TCP; question and answer have been sent: seven frames."""
    listener = scene.listen(protocol=MPTCP)
    client = scene.call(protocol=MPTCP)
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    return client, server


def one_by_one(scene: Scene) -> None:
    """Let each frame arrive only when the kernel's worker, which answers when it has time, is done with the last."""
    scene.run(0.02)
    while scene.wire.held():
        scene.wire.release(count=1)
        scene.run(0.02)


@story(
    "teardown/mptcp",
    title=("Multipath TCP closes twice", "多路径 TCP 关闭两次"),
    text=(
        "Both ends agree on Multipath TCP with MP_CAPABLE in all three segments of the handshake. Its stream has an "
        "end of its own: when the programs close, a DATA_FIN goes each way in the options of bare ACKs, and no TCP "
        "state changes (RFC 8684 §3.3.3). Only when both are acknowledged do the stacks close the TCP connection "
        "below: the client's FIN carries its last acknowledgment for the stream, and the server answers it with its "
        "own FIN at once, so that this close takes three segments.",
        "双方在握手的三个报文中都用 MP_CAPABLE 约定多路径 TCP。它的流有自己的结束标志：程序关闭时，DATA_FIN 放在纯 ACK"
        " 的选项里双向发送，TCP 状态不变（RFC 8684 §3.3.3）。两个 DATA_FIN 都得到确认后，协议栈才关闭下面的 TCP 连接："
        "客户端的 FIN 带着对流的最后确认，服务器立即用自己的 FIN 回应，因此这次关闭只用了三个报文。",
    ),
    wireshark="tcp.options.mptcp.subtype && (tcp.flags.syn == 1 || tcp.flags.fin == 1)",
    frames=18,  # 7; seven bare ACKs with DATA_FIN or its acknowledgment; FA A FA A
    expect=Outcome("three-way", "three-segment", active_closer="client", notes=("three-segment-close",)),
)
def mptcp(scene: Scene) -> None:
    """Frames go one by one: the number and order of bare ACKs would else be a matter of luck."""
    scene.sysctl("both", "tcp_early_retrans", 0)
    client, server = opened(scene)
    scene.wire.hold(is_tcp, times=None)
    client.close()
    one_by_one(scene)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.read(server)
    server.close()
    one_by_one(scene)
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/mptcp-fast-close",
    title=("Multipath TCP aborts", "多路径 TCP 的异常终止"),
    text=(
        "The client's program aborts a Multipath TCP connection. One RST would end one path only, so it carries "
        "MP_FASTCLOSE with the key of the server, which ends the whole (RFC 8684 §3.5). For TCP it is an abort like "
        "any other.",
        "客户端程序异常终止一个多路径 TCP 连接。一个 RST 只能结束一条路径，因此它带有 MP_FASTCLOSE 选项和服务器的密钥，"
        "结束整个连接（RFC 8684 §3.5）。对 TCP 来说，这与其他异常终止没有区别。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=8,
    expect=Outcome("three-way", "abort", notes=("abortive-close",)),
)
def mptcp_fast_close(scene: Scene) -> None:
    """SO_LINGER with time 0 at a socket of Multipath TCP."""
    client, _ = opened(scene)
    scene.abort(client)
    scene.moment("CLOSED", "CLOSED")


@story(
    "handshake/mptcp-fallback",
    title=("Multipath TCP is offered and not taken", "提出多路径 TCP 而未被接受"),
    text=(
        "The client's socket speaks Multipath TCP and says so with MP_CAPABLE on its SYN. The server's program uses "
        "plain TCP; its SYN,ACK carries no such option, and from the third segment on the client does without "
        "(RFC 8684 §3.7). The connection is an ordinary one.",
        "客户端的套接字支持多路径 TCP，在 SYN 上用 MP_CAPABLE 表明。服务器程序使用普通 TCP；它的 SYN,ACK 没有这个选项，"
        "客户端从第三个报文起也不再使用（RFC 8684 §3.7）。连接是普通的连接。",
    ),
    wireshark="tcp.options.mptcp.subtype",
    frames=11,
    expect=USUAL,
)
def mptcp_fallback(scene: Scene) -> None:
    """Only the client's socket is one of MPTCP."""
    listener = scene.listen()
    client = scene.call(protocol=MPTCP)
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
