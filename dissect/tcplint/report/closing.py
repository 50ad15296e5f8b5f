"""How a connection ended, in a sentence, and who is left in TIME-WAIT until when.

**Four segments or three.** A FIN closes one direction. The end that receives it acknowledges it at once and may go on
sending (RFC 9293 §3.6, the half-close); its own FIN leaves when its program closes too. Two segments therefore come
back. When nothing is left to send and the program closes at once, the acknowledgment and the FIN are one segment, and
the close takes three. So the reason is always what the passive closer did between its ACK and its FIN: how many octets
it still sent, and how long it took.

**TIME-WAIT.** The active closer acknowledges the last FIN and cannot know whether that ACK arrived. It waits for twice
the maximum segment lifetime; each repeated FIN starts the wait anew (§3.6.1, §3.10.7.8). The RFC takes the MSL to be 2
minutes (§3.4.2) and 2MSL therefore 4; real stacks wait 30 seconds to 2 minutes, so all four times are printed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tcplint.catalogue.duration import duration
from tcplint.core.model import ACK, FIN, RST, SYN, TIME_WAIT
from tcplint.ladder.draw import seconds
from tcplint.ladder.width import pad, wrap
from tcplint.report import words

if TYPE_CHECKING:
    from tcplint.results import Trace, TraceRow

# seconds; the last is that of the RFC
WAITS = ((30, "30 s", "30 秒"), (60, "1 min", "1 分钟"), (120, "2 min", "2 分钟"), (240, "4 min", "4 分钟"))
RESETS = ("abort", "abort-both", "rst-after-fin", "rst-after-both-fins")
SIDES = ("client", "server")


def lines(trace: Trace, lang: str = "en", columns: int = 100) -> list[str]:
    """All that stands below a ladder, in lines for a terminal of `columns` columns."""
    texts = [why(trace, lang), *time_wait(trace, lang)]
    return [line for text in texts for line in ([text] if text.startswith(" ") else wrap(text, columns))]


def why(trace: Trace, lang: str = "en") -> str:
    """Why this close took the segments that it took, in one line of any length."""
    outcome = trace.report.teardown
    if outcome in ("four-way", "three-segment"):
        return _orderly(trace, lang)
    if outcome == "simultaneous":
        return _simultaneous(trace, lang)
    resets = [row for row in trace.rows if row.flags & RST]
    if resets and outcome in RESETS:
        return _reset(trace, resets[0], lang)
    return words.said(_OTHERS.get(outcome, _OTHERS["unknown"]), lang)


_OTHERS = {
    "none": ("No close: no FIN and no RST in this capture.", "未见终止：抓包中没有 FIN，也没有 RST。"),
    "not-applicable": ("No close: the connection was never established.", "没有终止过程：连接从未建立。"),
    "unfinished-F1": (
        "The close is unfinished: the first FIN was never acknowledged in this capture.",
        "终止未完成：抓包中第一个 FIN 始终没有得到确认。",
    ),
    "unfinished-F2": (
        "Half-closed: one FIN was acknowledged, and the other end sent none in this capture.",
        "半关闭：一个 FIN 已被确认，另一端在抓包中没有发送 FIN。",
    ),
    "unfinished-LA": (
        "The close is unfinished: the last FIN was never acknowledged in this capture.",
        "终止未完成：抓包中最后一个 FIN 始终没有得到确认。",
    ),
    "orderly-unknown": (
        "Both ends closed, but the capture does not show which FIN came first.",
        "双方都已关闭，但抓包看不出哪个 FIN 在先。",
    ),
    "unknown": ("The capture does not show how the connection ended.", "抓包看不出连接如何终止。"),
}


def _orderly(trace: Trace, lang: str) -> str:
    """Four segments or three: what the passive closer did between its ACK and its FIN."""
    closer = trace.report.active_closer
    if closer not in SIDES:
        return words.said(_OTHERS["orderly-unknown"], lang)
    active = SIDES.index(closer)
    first = _first(trace, active, FIN)
    last = _first(trace, 1 - active, FIN)
    if first is None or last is None:
        return words.said(_OTHERS["orderly-unknown"], lang)
    answer = _acknowledgment(trace, first)
    passive = words.side(SIDES[1 - active], lang)
    if answer is None or answer is last:
        texts = _LAST_DATA if last.length > 0 else _NOTHING_LEFT
        return words.said(texts, lang).format(passive, _bytes(last.length, lang), last.frame)
    octets = _sent(trace, answer, last)
    return words.said(_MORE_TO_SEND if octets > 0 else _OPEN_WITHOUT_DATA, lang).format(
        passive,
        answer.frame,
        duration(answer.time - first.time, lang),
        _bytes(octets, lang),
        duration(last.time - answer.time, lang),
        last.frame,
    )


_NOTHING_LEFT = (
    "Three segments: the {0} had nothing more to send, so its ACK and its FIN are one segment (frame {2}).",
    "三个报文段：{0}已没有数据要发送，ACK 与 FIN 合并为一个报文段（第 {2} 帧）。",
)
_LAST_DATA = (
    "Three segments: the ACK of the {0}, its last {1} and its FIN are one segment (frame {2}).",
    "三个报文段：{0}的 ACK、最后 {1}数据与 FIN 合并为一个报文段（第 {2} 帧）。",
)
_MORE_TO_SEND = (
    "Four segments: the {0} acknowledged the FIN after {2} (frame {1}); it still had {3} to send, and its own FIN came "
    "{4} after that ACK (frame {5}).",
    "四个报文段：{0}在 {2}后确认了 FIN（第 {1} 帧）；它还有 {3}数据要发送，自己的 FIN 在这个 ACK 之后 {4}才发出"
    "（第 {5} 帧）。",
)
_OPEN_WITHOUT_DATA = (
    "Four segments: the {0} acknowledged the FIN after {2} (frame {1}); it had nothing more to send, yet its own FIN "
    "came {4} after that ACK, when its application closed (frame {5}).",
    "四个报文段：{0}在 {2}后确认了 FIN（第 {1} 帧）；它已没有数据要发送，但直到其应用程序关闭连接，"
    "才在这个 ACK 之后 {4}发出自己的 FIN（第 {5} 帧）。",
)


def _bytes(count: int, lang: str) -> str:
    if lang == "zh":
        return f"{count} 字节"
    return f"{count} byte" if count == 1 else f"{count} bytes"


def _simultaneous(trace: Trace, lang: str) -> str:
    frames = [row.frame for row in (_first(trace, 0, FIN), _first(trace, 1, FIN)) if row is not None]
    pattern = words.said(
        (
            "Simultaneous close: each end sent its FIN before it had received the other's (frames {}).",
            "同时关闭：双方在收到对方的 FIN 之前都已发出自己的 FIN（第 {} 帧）。",
        ),
        lang,
    )
    return pattern.format(words.said((" and ", "、"), lang).join(str(frame) for frame in sorted(frames)))


def _reset(trace: Trace, row: TraceRow, lang: str) -> str:
    fins = sum(_first(trace, side, FIN) is not None for side in (0, 1))
    sender = words.side(SIDES[row.side], lang)
    if fins > 0:
        return words.said(_RESET_AFTER_FIN[fins - 1], lang).format(sender, row.frame)
    open_octets = [_unacknowledged(trace, side, row) for side in (0, 1)]
    counts = [_bytes(octets, lang) for octets in open_octets if octets is not None]
    if len(counts) < len(open_octets):
        return words.said(_ABORT_UNKNOWN, lang).format(sender, row.frame)
    end = words.said(_LOST if any(open_octets) else _STOP, lang)
    return words.said(_ABORT, lang).format(sender, row.frame, *counts) + end


_RESET_AFTER_FIN = (
    (
        "Half-closed, then reset: the {} sent RST (frame {}) after one FIN had been sent.",
        "半关闭后复位：已有一方发送 FIN，随后{}发送 RST（第 {} 帧）。",
    ),
    (
        "Closed, then reset: the {} sent RST (frame {}) although both ends had sent FIN.",
        "关闭后复位：双方都已发送 FIN，{}仍发送 RST（第 {} 帧）。",
    ),
)
_ABORT = (
    "Abort: the {} sent RST (frame {}) instead of a FIN. "
    "Not acknowledged until then: {} of the client, {} of the server",
    "异常终止：{}以 RST（第 {} 帧）代替 FIN。此时尚未得到确认的数据：客户端 {}，服务器 {}",
)
_STOP = (".", "。")
_LOST = ("; they may be lost.", "，这些数据可能丢失。")
_ABORT_UNKNOWN = (
    "Abort: the {} sent RST (frame {}) instead of a FIN; the capture does not show how much had been acknowledged.",
    "异常终止：{}以 RST（第 {} 帧）代替 FIN；抓包看不出此时有多少数据已得到确认。",
)


def _unacknowledged(trace: Trace, side: int, reset: TraceRow) -> int | None:
    """How many octets of this end were not acknowledged when the RST came; None when the peer acknowledged nothing."""
    before = [row for row in trace.rows if row.frame < reset.frame]
    acks = [row.ack for row in before if row.side != side and row.flags & ACK]
    ends = [_data_end(row) for row in before if row.side == side]
    if not acks or not ends:
        return None
    return max(0, max(ends) - max(1, *acks))  # data begins at 1, behind the SYN


def time_wait(trace: Trace, lang: str = "en") -> list[str]:
    """Who holds TIME-WAIT from when until when; empty when the capture shows nobody entering it."""
    lines: list[str] = []
    for side in (0, 1):
        rows = [row for row in trace.rows if _state(row, side) == TIME_WAIT]
        if rows:
            lines += _held(trace, side, rows, lang)
    return lines


_HOLDS = (
    "TIME-WAIT: the {0} enters it at {1} s (frame {2}) and leaves it after 2MSL. With a 2MSL of",
    "TIME-WAIT（时间等待）：{0}在 {1} 秒（第 {2} 帧）进入该状态，经过 2MSL 后离开。若 2MSL 为",
)
_ANEW = (
    "TIME-WAIT: the {0} waits anew from {1} s (a repeated FIN, frame {2}) and leaves it after 2MSL. With a 2MSL of",
    "TIME-WAIT（时间等待）：{0}自 {1} 秒（重传的 FIN，第 {2} 帧）起重新计时，经过 2MSL 后离开。若 2MSL 为",
)
_UNTIL = ("until", "则到")
_CUT = ("  It was cut short by the RST in frame {} (RFC 1337).", "  第 {} 帧的 RST 使其提前结束（RFC 1337）。")


def _held(trace: Trace, side: int, rows: list[TraceRow], lang: str) -> list[str]:
    start = rows[0]
    for row in rows[1:]:
        if row.side != side and row.flags & FIN:  # a repeated FIN: the wait starts anew
            start = row
    lines = [
        words.said(_HOLDS if start is rows[0] else _ANEW, lang).format(
            words.side(SIDES[side], lang), seconds(start.time), start.frame
        )
    ]
    for wait, english, chinese in WAITS:
        end = start.time + wait * 1_000_000
        name = pad(words.said((english, chinese), lang), 8, ">")
        until = f"{words.said(_UNTIL, lang)} {seconds(end):>10} {words.said(('s', '秒'), lang)}"
        lines.append(f"{name}  {until}  {_clock(trace, end)}".rstrip())
    cut = next((row for row in trace.rows if row.frame > rows[-1].frame and row.flags & RST), None)
    if cut is not None:
        lines.append(words.said(_CUT, lang).format(cut.frame))
    return lines


def _clock(trace: Trace, time: int) -> str:
    """The absolute time, UTC, or nothing when the capture has none or an impossible one."""
    if trace.start_ns is None:
        return ""
    try:
        moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=trace.start_ns // 1000 + time)
    except OverflowError:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _first(trace: Trace, side: int, flag: int) -> TraceRow | None:
    return next((row for row in trace.rows if row.side == side and row.flags & flag), None)


def _acknowledgment(trace: Trace, fin: TraceRow) -> TraceRow | None:
    """The first segment of the peer that covers this FIN."""
    end = fin.seq + fin.length + 1
    for row in trace.rows:
        if row.frame > fin.frame and row.side != fin.side and row.flags & ACK and row.ack >= end:
            return row
    return None


def _sent(trace: Trace, answer: TraceRow, fin: TraceRow) -> int:
    """The new octets that the passive closer sent after `answer`, up to and with its FIN."""
    before = [row for row in trace.rows if row.side == fin.side and row.frame <= answer.frame]
    start = max([answer.seq, *(_data_end(row) for row in before if not row.flags & RST)])
    return _data_end(fin) - start


def _data_end(row: TraceRow) -> int:
    """The number behind the last octet of data of this segment."""
    return row.seq + row.length + bool(row.flags & SYN)


def _state(row: TraceRow, side: int) -> int:
    return row.client_state if side == 0 else row.server_state
