"""How a connection closes in order."""

import socket

from tools.lab.match import is_fin
from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.story import Outcome, story

FOUR_WAY = ("three-way-handshake", "four-way-close")


@story(
    "teardown/close-by-client",
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
    expect=Outcome("three-way", "four-way", active_closer="client", notes=FOUR_WAY),
)
def close_by_client(scene: Scene) -> None:
    """The client closes; the server waits, then closes too."""
    client, server = scene.open()
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/close-by-server",
    title=("The server closes first", "服务器先关闭"),
    text=(
        "The client asks, the server answers and closes first, as many web servers do. The client closes a moment "
        "later. Now it is the server that has to stay in TIME-WAIT.",
        "客户端提问，服务器回答后先关闭，许多 Web 服务器就是这样。客户端稍后关闭。这一次是服务器停留在 TIME-WAIT。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=11,
    expect=Outcome("three-way", "four-way", active_closer="server", notes=FOUR_WAY),
)
def close_by_server(scene: Scene) -> None:
    """The server closes; the client waits, then closes too."""
    client, server = scene.open()
    scene.talk(client, server)
    server.close()
    scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    client.close()
    scene.moment("CLOSED", "TIME-WAIT")


@story(
    "teardown/three-segment-close",
    title=("A close in three segments", "三个报文的关闭"),
    text=(
        "The client closes. The server's program closes as soon as it reads the end of the stream, before the "
        "acknowledgment of the client's FIN has left: ACK and FIN go in one segment, and the close takes three.",
        "客户端关闭。服务器程序一读到流的末尾就关闭，此时对客户端 FIN 的确认还没有发出："
        "ACK 与 FIN 合并在一个报文中，关闭只用三个报文。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=10,
    expect=Outcome("three-way", "three-segment", active_closer="client", notes=("three-segment-close",)),
)
def three_segment_close(scene: Scene) -> None:
    """The server closes at once when it reads the end of the stream, before its delayed ACK is due."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.slow_ack(server)
    client.close()
    scene.read(server)
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/half-close-with-data",
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
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("half-close-with-data", "four-way-close")),
)
def half_close_with_data(scene: Scene) -> None:
    """The client stops sending; the server still sends two pieces, then closes."""
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.shutdown(socket.SHUT_WR)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    for _ in range(2):
        scene.send(server, ANSWER)
        scene.read(client)
        scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/simultaneous-close",
    title=("Both ends close at once", "同时关闭"),
    text=(
        "Both programs close, and the two FINs cross in the middle, where this was captured. Each end is in "
        "FIN-WAIT-1 when the other's FIN arrives, so it passes through CLOSING, and both stay in TIME-WAIT. Nobody "
        "was first: neither FIN acknowledges the other.",
        "两个程序都关闭，两个 FIN 在途中（抓包处）交错。对方的 FIN 到达时双方都处于 FIN-WAIT-1，于是经过 CLOSING，"
        "最后都停留在 TIME-WAIT。没有先后之分：两个 FIN 都没有确认对方。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=11,  # 7, FA FA, A A
    expect=Outcome("three-way", "simultaneous", active_closer="both", notes=("simultaneous-close",)),
    tap="middle",
)
def simultaneous_close(scene: Scene) -> None:
    """The wire holds both FINs until both are sent."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.hold(is_fin, times=2)
    client.close()
    server.close()
    scene.moment("FIN-WAIT-1", "FIN-WAIT-1")
    scene.wire.release()
    scene.moment("TIME-WAIT", "TIME-WAIT")


@story(
    "teardown/fin-with-data",
    title=("The last data and the FIN in one segment", "最后的数据与 FIN 在同一个报文中"),
    text=(
        "The client writes its question and closes at once. The stack had not sent the data yet, so question and FIN "
        "travel in one segment; the FIN takes the number behind the last octet. The server reads, and closes later.",
        "客户端写入问题后立即关闭。协议栈尚未发送这些数据，因此问题与 FIN 在同一个报文中发出；"
        "FIN 占用最后一个字节之后的序号。服务器读取后稍晚关闭。",
    ),
    wireshark="tcp.flags.fin == 1 && tcp.len > 0",
    frames=7,  # S SA A, FPA, A, FA, A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("fin-with-data", "four-way-close")),
)
def fin_with_data(scene: Scene) -> None:
    """MSG_MORE holds the data back until the close sends them along with the FIN."""
    client, server = scene.open()
    scene.send(client, QUESTION, more=True)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.read(server)
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
