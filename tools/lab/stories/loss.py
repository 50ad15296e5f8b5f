"""What the wire loses, and how the ends recover."""

from tools.lab.match import from_client, is_bare_ack, is_syn, is_synack
from tools.lab.scene import Scene
from tools.lab.story import Outcome, story


@story(
    "handshake/syn-lost",
    title=("The first SYN is lost", "第一个 SYN 丢失"),
    text=(
        "The client's first SYN is lost behind the point of capture. After one second the client sends it again, with "
        "the same initial sequence number, and the handshake goes on as usual.",
        "客户端的第一个 SYN 在抓包点之后丢失。一秒后客户端以相同的初始序号重传，握手照常完成。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=8,  # S S, SA, A, FA A FA A
    expect=Outcome(
        "three-way", "four-way", active_closer="client", notes=("syn-retransmission", "three-way-handshake")
    ),
)
def syn_lost(scene: Scene) -> None:
    """The first SYN is dropped."""
    scene.wire.drop(is_syn)
    listener = scene.listen()
    client = scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/synack-lost",
    title=("The SYN,ACK is lost", "SYN,ACK 丢失"),
    text=(
        "The first SYN takes 0.2 s on its way. The server answers, but the SYN,ACK is lost behind the server, where "
        "this was captured. The client hears nothing and repeats its SYN after one second; the server, already in "
        "SYN-RECEIVED, answers that with the same SYN,ACK as before.",
        "第一个 SYN 在途中用了 0.2 秒。服务器应答，但 SYN,ACK 在服务器（抓包处）之外丢失。客户端什么也没收到，"
        "一秒后重传 SYN；服务器已处于 SYN-RECEIVED，用与之前相同的 SYN,ACK 回应。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=9,  # S SA, S SA A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
    tap="server",
)
def synack_lost(scene: Scene) -> None:
    """The delay lets the client's timer, not the server's, be the first to run out."""
    scene.wire.delay(is_syn, 0.2)
    scene.wire.drop(is_synack)
    listener = scene.listen()
    client = scene.call()
    scene.run(0.25)
    scene.moment("SYN-SENT", "SYN-RECEIVED")
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/last-ack-lost",
    title=("The last ACK is lost", "最后一个 ACK 丢失"),
    text=(
        "The last of the four segments is lost behind the client, where this was captured. The server waits in "
        "LAST-ACK and sends its FIN again after 0.2 s. The client is in TIME-WAIT and acknowledges it once more: "
        "this is what TIME-WAIT is for.",
        "四次挥手的最后一个报文在客户端（抓包处）之外丢失。服务器停留在 LAST-ACK，0.2 秒后重传 FIN。"
        "处于 TIME-WAIT 的客户端再次确认：这正是 TIME-WAIT 的用途。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=13,  # 7, FA A FA A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("fin-retransmission", "four-way-close")),
)
def last_ack_lost(scene: Scene) -> None:
    """The client's acknowledgment of the server's FIN is dropped."""
    client, server = scene.open()
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.wire.drop(from_client & is_bare_ack)
    server.close()
    scene.moment("TIME-WAIT", "LAST-ACK", quiet=0.05, hidden=("server",))
    scene.run(0.3)
    scene.moment("TIME-WAIT", "CLOSED")
