"""A copy of a SYN that outlives its connection."""

from tools.lab.match import is_syn
from tools.lab.scene import Scene
from tools.lab.story import Outcome, story


@story(
    "reuse/syn-outlives-connection",
    title=("A copy of the SYN comes after the close", "连接关闭后才到达的 SYN 副本"),
    text=(
        "The network doubled the client's SYN and kept the copy back; captured at the server. The connection opened "
        "and closed meanwhile, the client waits in TIME-WAIT, and the program of the server listens again. Now the "
        "copy arrives. The server takes it for a new call and answers with SYN,ACK; the client, in TIME-WAIT, finds "
        "that this does not belong to its connection and repeats its last ACK; the server, in SYN-RECEIVED, sees that "
        "it acknowledges nothing that it sent and answers with RST (RFC 9293 §3.10.7.4). That RST ends the TIME-WAIT "
        "of the client, so when the SYN,ACK is repeated after one second, a closed end refuses it. No connection "
        "comes into being.",
        "网络复制了客户端的 SYN，并扣留了副本；在服务器处抓包。其间连接已建立并关闭，客户端停留在 TIME-WAIT，服务器程"
        "序又在收听。这时副本到达。服务器以为是新的呼叫，用 SYN,ACK 应答；处于 TIME-WAIT 的客户端发现它不属于自己的连"
        "接，于是重复最后的 ACK；处于 SYN-RECEIVED 的服务器发现这个 ACK 没有确认自己发过的内容，用 RST 回应（RFC 9293"
        " §3.10.7.4）。这个 RST 使客户端的 TIME-WAIT 提前结束，因此一秒后 SYN,ACK 重传时，已关闭的一端用 RST 拒绝。始"
        "终没有建立新的连接。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=13,  # S SA A, FA A FA A; S SA, A R; after a second SA R
    expect=(
        Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
        Outcome("reset-by-initiator", "not-applicable", notes=("reused-connection-pair", "reset-after-synack")),
    ),
    tap="server",
)
def syn_outlives_connection(scene: Scene) -> None:
    """The copy of the SYN is held until the client is in TIME-WAIT, which RST ends; then the SYN,ACK comes again."""
    scene.wire.twice(is_syn, held="copy")
    listener = scene.listen()
    client = scene.call()
    server = scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
    scene.connection()
    scene.wire.release("copy")
    scene.moment("CLOSED", "SYN-RECEIVED", hidden=("client",))
    scene.run(1.1)
    listener.close()
    scene.moment("CLOSED", "CLOSED")
