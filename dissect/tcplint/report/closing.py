"""How a connection ended, in a sentence, and who is left in TIME-WAIT until when.

**Four segments or three.** A FIN closes one direction. The end that receives it acknowledges it at once and may go on
sending (RFC 9293 §3.6, the half-close); its own FIN leaves when its program closes too. Two segments therefore come
back. When nothing is left to send and the program closes at once, the acknowledgment and the FIN are one segment, and
the close takes three. So the reason is always what the passive closer did between its ACK and its FIN: how many octets
it still sent, and how long it took.

**TIME-WAIT.** The active closer acknowledges the last FIN and cannot know whether that ACK arrived. It waits for twice
the maximum segment lifetime; each repeated FIN starts the wait anew (§3.6.1, §3.10.7.8). The RFC's 2MSL is 4 minutes;
real stacks wait 30 seconds to 2 minutes, so all four times are printed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tcplint.core.model import ACK, FIN, RST, TIME_WAIT
from tcplint.ladder.draw import seconds
from tcplint.ladder.width import pad
from tcplint.report import words

if TYPE_CHECKING:
    from tcplint.results import Trace, TraceRow

WAITS = ((30, "30 s", "30 秒"), (60, "1 min", "1 分钟"), (120, "2 min", "2 分钟"), (240, "4 min", "4 分钟"))
RESETS = ("abort", "abort-both", "rst-after-fin", "rst-after-both-fins")
SIDES = ("client", "server")


def why(trace: Trace, lang: str = "en") -> str:
    """One line: why this close took the segments that it took."""
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
        "终止未完成：抓包中首个 FIN 一直没有得到确认。",
    ),
    "unfinished-F2": (
        "Half-closed: one FIN was acknowledged, and the other end sent none in this capture.",
        "半关闭：一个 FIN 已被确认，另一端在抓包中没有发送 FIN。",
    ),
    "unfinished-LA": (
        "The close is unfinished: the last FIN was never acknowledged in this capture.",
        "终止未完成：抓包中最后一个 FIN 一直没有得到确认。",
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
        pattern = words.said(
            (
                "Three segments: the {} had nothing left to send, so its ACK and its FIN went together (frame {}).",
                "三个报文：{}已没有数据要发送，所以 ACK 与 FIN 合并在一个报文中（第 {} 帧）。",
            ),
            lang,
        )
        return pattern.format(passive, last.frame)
    octets = _sent(trace, answer, last)
    texts = _MORE_TO_SEND if octets > 0 else _NOTHING_LEFT
    pause = seconds(last.time - answer.time)
    return words.said(texts, lang).format(passive, answer.frame, octets, pause, last.frame)


_MORE_TO_SEND = (
    "Four segments: after its ACK (frame {1}) the {0} still had {2} octets to send; "
    "its FIN came {3} s later (frame {4}).",
    "四个报文：{0}发出 ACK（第 {1} 帧）时还有 {2} 字节要发送；{3} 秒后才发出自己的 FIN（第 {4} 帧）。",
)
_NOTHING_LEFT = (
    "Four segments: the {0} sent its ACK at once (frame {1}) and its FIN {3} s later (frame {4}), when its program "
    "closed; {2} octets were left to send.",
    "四个报文：{0}立即发出 ACK（第 {1} 帧），{3} 秒后其程序关闭时才发出 FIN（第 {4} 帧）；其间待发数据为 {2} 字节。",
)


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
    pattern = words.said(
        (
            (
                "Abort: the {} sent RST (frame {}) instead of a FIN; data still on its way is lost.",
                "Half-closed, then reset: the {} sent RST (frame {}) after one FIN had been sent.",
                "Closed, then reset: the {} sent RST (frame {}) although both ends had sent FIN.",
            )[fins],
            (
                "异常终止：{}发送 RST（第 {} 帧）代替 FIN，途中的数据会丢失。",
                "半关闭后复位：已有一方发送 FIN，随后{}发送 RST（第 {} 帧）。",
                "关闭后复位：双方都已发送 FIN，{}仍发送 RST（第 {} 帧）。",
            )[fins],
        ),
        lang,
    )
    return pattern.format(words.side(SIDES[row.side], lang), row.frame)


def time_wait(trace: Trace, lang: str = "en") -> list[str]:
    """Who holds TIME-WAIT from when until when; empty when the capture shows nobody entering it."""
    lines: list[str] = []
    for side in (0, 1):
        rows = [row for row in trace.rows if _state(row, side) == TIME_WAIT]
        if rows:
            lines += _held(trace, side, rows, lang)
    return lines


_HOLDS = (
    "TIME-WAIT: the {0} holds it from {1} s (frame {2}{3}) until, for a 2MSL of",
    "TIME-WAIT（时间等待）：{0}自 {1} 秒起（第 {2} 帧{3}）保持，按 2MSL 分别到",
)
_ANEW = ("  (a repeated FIN started the wait anew)", "  （重传的 FIN 使计时重新开始）")
_CUT = ("  It was cut short by the RST in frame {} (RFC 1337).", "  第 {} 帧的 RST 使其提前结束（RFC 1337）。")


def _held(trace: Trace, side: int, rows: list[TraceRow], lang: str) -> list[str]:
    start = rows[0]
    for row in rows[1:]:
        if row.side != side and row.flags & FIN:  # a repeated FIN: the wait starts anew
            start = row
    clock = _clock(trace, start.time)
    lines = [
        words.said(_HOLDS, lang).format(
            words.side(SIDES[side], lang), seconds(start.time), start.frame, f", {clock}" if clock else ""
        )
    ]
    if start is not rows[0]:
        lines.append(words.said(_ANEW, lang))
    for wait, english, chinese in WAITS:
        end = start.time + wait * 1_000_000
        name = pad(words.said((english, chinese), lang), 8, ">")
        lines.append(f"{name}  {seconds(end):>14} s  {_clock(trace, end)}".rstrip())
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
    start = max([answer.seq, *(row.seq + row.length for row in before if not row.flags & RST)])
    return fin.seq + fin.length - start


def _state(row: TraceRow, side: int) -> int:
    return row.client_state if side == 0 else row.server_state
