"""Stories told before, over IPv6: TCP is the same, addresses and checksum are not."""

from tools.lab.scene import Scene
from tools.lab.stories import closing, opening
from tools.lab.story import Outcome, story


@story(
    "handshake/refused-over-ipv6",
    title=("A port where nobody listens, over IPv6", "IPv6：端口无人收听"),
    text=(
        "The client connects over IPv6 to a port on which no program listens. The RST,ACK that answers its SYN has the "
        "same form as over IPv4: sequence number 0, and an acknowledgment of the SYN (RFC 9293 §3.10.7.1).",
        "客户端经 IPv6 连接没有程序收听的端口。回应 SYN 的 RST,ACK 与 IPv4 时形式相同：序号为 0，确认 SYN"
        "（RFC 9293 §3.10.7.1）。",
    ),
    wireshark="ipv6 && tcp.flags.reset == 1",
    frames=2,
    expect=Outcome("refused", "not-applicable", notes=("refused-by-reset",)),
    version=6,
)
def refused(scene: Scene) -> None:
    """Nobody listens on the port."""
    opening.refused(scene)


@story(
    "teardown/half-close-over-ipv6",
    title=("A half-close with data, over IPv6", "IPv6：半关闭期间继续传送数据"),
    text=(
        "The client asks over IPv6 and closes its sending direction; the server sends two more pieces of data before "
        "it closes too. Address family and half-close have nothing to do with each other.",
        "客户端经 IPv6 提问后关闭自己的发送方向；服务器又发送两段数据才关闭。地址族与半关闭毫不相干。",
    ),
    wireshark="ipv6 && (tcp.len > 0 || tcp.flags.fin == 1)",
    frames=13,
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("half-close-with-data", "four-way-close")),
    version=6,
)
def half_close_with_data(scene: Scene) -> None:
    """The client stops sending; the server still sends two pieces, then closes."""
    closing.half_close_with_data(scene)


@story(
    "teardown/simultaneous-close-over-ipv6",
    title=("Both ends close at once, over IPv6", "IPv6：同时关闭"),
    text=(
        "Both programs close, and their FINs cross in the middle of an IPv6 path, where this was captured. Both ends "
        "pass through CLOSING, and both stay in TIME-WAIT.",
        "两个程序都关闭，两个 FIN 在 IPv6 路径的中间（抓包处）交错。双方都经过 CLOSING，最后都停留在 TIME-WAIT。",
    ),
    wireshark="ipv6 && tcp.flags.fin == 1",
    frames=11,
    expect=Outcome("three-way", "simultaneous", active_closer="both", notes=("simultaneous-close",)),
    tap="middle",
    version=6,
)
def simultaneous_close(scene: Scene) -> None:
    """The wire holds both FINs until both are sent."""
    closing.simultaneous_close(scene)
