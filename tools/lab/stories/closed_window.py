"""A receiver whose buffer is full: the window closes, the sender probes, and a close has to wait for its turn."""

import socket

from tools.lab.scene import Scene
from tools.lab.story import Outcome, story

SMALL = (socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)  # the server's window is 1448 octets, two of the segments below
PIECE = b"Nobody is reading." * 40 + b"...\n"  # 724 octets
LAST_PIECE = b"The last of it.\n"


def fill(scene: Scene) -> tuple[socket.socket, socket.socket]:
    """A connection whose server has no room left: 9 frames. A full window needs three pieces, read by nobody."""
    scene.sysctl("server", "tcp_invalid_ratelimit", 0)  # every probe gets its answer
    client, server = scene.open(scene.listen(options=(SMALL,)))
    for _ in range(3):
        scene.send(client, PIECE)
        scene.moment("ESTABLISHED", "ESTABLISHED")
    return client, server


@story(
    "waiting/zero-window",
    title=("A zero window and its probes", "零窗口与窗口探测"),
    text=(
        "The server's program does not read. Its window shrinks with every segment and closes. The client has more to "
        "say and probes, after 0.2 and 0.4 s more: an empty segment one below the next number, which the server has "
        "to answer (RFC 9293 §3.8.6.1). As soon as the program reads, the server announces the open window, and the "
        "rest is sent. A probe is no fault, and no keep-alive either.",
        "服务器程序不读取数据。它的窗口随每个报文缩小，直至关闭。客户端还有话要说，先后等待 0.2 秒和 0.4 秒进行探测："
        "一个比下一个序号小一的空报文，服务器必须回应（RFC 9293 §3.8.6.1）。程序一读取，服务器就通告窗口打开，其余数据"
        "随即发出。探测不是错误，也不是保活。",
    ),
    wireshark="tcp.window_size == 0 || tcp.analysis.window_update || tcp.analysis.zero_window_probe",
    frames=20,  # S SA A, P A P A P A, A A A A, A P A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
)
def zero_window(scene: Scene) -> None:
    """Two probes, then the server reads."""
    client, server = fill(scene)
    scene.send(client, LAST_PIECE)
    scene.run(1.1)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.read(server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "waiting/close-behind-zero-window",
    title=("A close behind a zero window", "零窗口之后的关闭"),
    text=(
        "The client writes its last piece while the server's window is closed, and closes. FIN is queued behind the "
        "data (RFC 9293 §3.10.4), so nothing is sent but probes: for its kernel the client is in FIN-WAIT-1, on the "
        "wire nothing shows it. The window opens, and data and FIN leave in one segment.",
        "服务器窗口关闭期间，客户端写入最后一段数据并关闭。FIN 排在数据之后（RFC 9293 §3.10.4），因此除了探测什么也不"
        "发送：对内核来说客户端已处于 FIN-WAIT-1，线路上却看不出来。窗口打开后，数据与 FIN 在同一个报文中发出。",
    ),
    wireshark="tcp.window_size == 0 || tcp.flags.fin == 1",
    frames=18,  # S SA A, P A P A P A, A A A A, A FPA A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("fin-with-data", "four-way-close")),
)
def close_behind_zero_window(scene: Scene) -> None:
    """The client closes before the server reads."""
    client, server = fill(scene)
    scene.send(client, LAST_PIECE)
    client.close()
    scene.run(1.1)
    scene.moment("FIN-WAIT-1", "ESTABLISHED", quiet=0.02, hidden=("client",))
    scene.read(server)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.read(server)
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
