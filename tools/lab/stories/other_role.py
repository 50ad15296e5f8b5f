"""Stories told before with the roles exchanged: what counts is who calls and who closes first, not who is server."""

from tools.lab.match import from_client, from_server, is_fin, is_syn
from tools.lab.scene import QUESTION, Scene
from tools.lab.story import Outcome, story


@story(
    "handshake/simultaneous-open-other-first",
    title=("Both ends call, and the later SYN arrives first", "双方同时呼叫，后发的 SYN 先到"),
    text=(
        "Both ends connect to each other; captured in the middle. The client's SYN, sent first, is stuck, and the "
        "server's arrives. Now it is the client that enters SYN-RECEIVED and sends SYN,ACK, and the server that is "
        "ESTABLISHED at once. The client's first SYN comes last and is answered with one ACK. Who is called client in "
        "a simultaneous open is a matter of who was seen first.",
        "双方互相连接；在中间抓包。先发出的客户端 SYN 滞留，服务器的 SYN 先到。这一次进入 SYN-RECEIVED 并发送 SYN,ACK"
        " 的是客户端，直接进入 ESTABLISHED 的是服务器。客户端最初的 SYN 最后到达，只得到一个 ACK。在同时打开中，谁叫作"
        "客户端只取决于先看到谁。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=9,  # S S, SA A, A, FA A FA A
    expect=Outcome("simultaneous", "four-way", active_closer="client", notes=("simultaneous-open", "four-way-close")),
    tap="middle",
)
def simultaneous_open_other_first(scene: Scene) -> None:
    """The wire holds both SYNs and lets the server's go first."""
    scene.wire.hold(is_syn & from_client, name="client's")
    scene.wire.hold(is_syn & from_server, name="server's")
    client = scene.call()
    server = scene.call(side="server")
    scene.moment("SYN-SENT", "SYN-SENT")
    scene.wire.release("server's")
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.wire.release("client's")
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/server-fin-lost",
    title=("The server closes first and its FIN is lost", "服务器先关闭，FIN 丢失"),
    text=(
        "The server closes first, and its FIN is lost behind it, where this was captured. It waits in FIN-WAIT-1 and "
        "repeats the FIN after 0.2 s. The client closes a moment later, and it is the server that stays in TIME-WAIT.",
        "服务器先关闭，它的 FIN 在服务器（抓包处）之外丢失。服务器停留在 FIN-WAIT-1，0.2 秒后重传 FIN。客户端稍后关闭，"
        "停留在 TIME-WAIT 的是服务器。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=12,  # 7, FA, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="server", notes=("fin-retransmission", "four-way-close")),
    tap="server",
)
def server_fin_lost(scene: Scene) -> None:
    """The server's first FIN is dropped."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.drop(is_fin & from_server)
    server.close()
    scene.moment("ESTABLISHED", "FIN-WAIT-1", quiet=0.05)
    scene.run(0.25)
    scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    client.close()
    scene.moment("CLOSED", "TIME-WAIT")


@story(
    "teardown/server-fin-wait-2-timeout",
    title=("A client that asks too late", "提问太晚的客户端"),
    text=(
        "The server closes an idle connection, as web servers do, and its stack forgets it after one second in "
        "FIN-WAIT-2. The client did not look and asks its next question on the same connection. The answer is RST: "
        "to the client's program it looks as if the server had crashed, though the server had said goodbye.",
        "服务器关闭空闲的连接，Web 服务器常这样做；协议栈在 FIN-WAIT-2 停留一秒后忘记了它。客户端没有察觉，又在同一连"
        "接上提出下一个问题。回应是 RST：在客户端程序看来像是服务器崩溃了，其实服务器早已道别。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
    frames=11,  # 7, FA A, P R
    expect=Outcome("three-way", "rst-after-fin", active_closer="server", notes=("reset-after-own-fin",)),
)
def server_fin_wait_2_timeout(scene: Scene) -> None:
    """tcp_fin_timeout is one second; the client asks after two."""
    scene.sysctl("server", "tcp_fin_timeout", 1)
    client, server = scene.open()
    scene.talk(client, server)
    server.close()
    scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    scene.run(2.0)
    scene.moment("CLOSE-WAIT", "CLOSED", hidden=("server",))
    scene.send(client, QUESTION)
    scene.moment("CLOSED", "CLOSED")
