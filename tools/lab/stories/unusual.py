"""Segments that look odd and are not: urgent data, and what a capture on the sender's own machine sees."""

import socket

from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.story import Outcome, story

LONG = QUESTION * 160  # 5920 octets: five segments on an Ethernet


@story(
    "teardown/urgent-data",
    title=("Urgent data before the close", "关闭前的紧急数据"),
    text=(
        "The client asks, sends one octet as urgent data, and closes. The flag URG and the urgent pointer say where "
        "the urgent data ends (RFC 9293 §3.8.5); the octet itself stands in the stream like any other and takes its "
        "number. For handshake and close it makes no difference.",
        "客户端提问，再发送一个字节的紧急数据，然后关闭。URG 标志和紧急指针说明紧急数据到哪里为止（RFC 9293 §3.8.5）；"
        "这个字节和其他字节一样在流中占用序号。对握手和关闭没有影响。",
    ),
    wireshark="tcp.flags.urg == 1",
    frames=13,  # 7, UP A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
)
def urgent_data(scene: Scene) -> None:
    """MSG_OOB; the server reads the octet in the stream."""
    client, server = scene.open()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    scene.talk(client, server)
    client.send(b"!", socket.MSG_OOB)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


def offloaded(scene: Scene, question: bytes) -> None:
    """Question and answer, and the client closes first."""
    client, server = scene.open()
    for sender, reader, octets in ((client, server, question), (server, client, ANSWER)):
        scene.send(sender, octets)
        scene.idle()
        scene.read(reader)
        scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/checksum-offload",
    title=("Checksums that the network card will finish", "由网卡完成的校验和"),
    text=(
        "Both machines leave the checksum to their network cards. A capture on such a machine sees the segments before "
        "the card has worked: the checksum field holds the sum of addresses and length only, and looks wrong in every "
        "frame. On the wire it would be right. Nobody is at fault.",
        "两台机器都把校验和交给网卡。在这样的机器上抓包，看到的是网卡处理之前的报文：校验和字段里只有地址和长度的和，"
        "每一帧看起来都是错的。真正发到线路上时是对的。谁都没有过错。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=11,
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("offload-artefact", "four-way-close")),
    offload=True,
)
def checksum_offload(scene: Scene) -> None:
    """Cards that finish checksums."""
    offloaded(scene, QUESTION)


@story(
    "teardown/super-segments",
    title=("A segment larger than any segment may be", "大于任何报文上限的报文"),
    text=(
        "The client sends a question of 5920 octets, and its stack hands it to the network card in one piece, which "
        "the card would cut into segments of at most the server's MSS (TSO). A capture on the client's machine sees "
        "the piece: one frame with four times the payload that the MSS allows. It is no fault, and the close is as "
        "usual.",
        "客户端发送 5920 字节的问题，协议栈把它整块交给网卡，由网卡切成不超过服务器 MSS 的报文（TSO）。在客户端机器上"
        "抓包，看到的是整块：一帧的净荷是 MSS 所允许的四倍。这不是错误，关闭也与平常一样。",
    ),
    wireshark="tcp.len > 1460",
    frames=11,
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("offload-artefact", "four-way-close")),
    offload=True,
)
def super_segments(scene: Scene) -> None:
    """Cards that cut, too; the kernel hands over pieces of eight segments even when it thinks the path slow."""
    scene.sysctl("client", "tcp_min_tso_segs", 8)
    offloaded(scene, LONG)
