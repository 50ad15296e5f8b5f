"""The words of every report, in English and Chinese, and nothing else.

The core speaks in small numbers and short English words. Machine formats print those words as they are; people read
them through the tables here. The Chinese terms are those that Chinese textbooks on computer networks use: the opening
is 三次握手, the close 四次挥手, and each state has one name that stands beside the English one (RFC 9293 §3.3.2).
"""

from collections.abc import Sequence

from tcplint.results import STATES

LANGUAGES = ("en", "zh")

# Index: the state numbers of core/model.
STATES_ZH = (
    "未知",
    "收听",
    "同步已发送",
    "同步收到",
    "已建立连接",
    "终止等待 1",
    "终止等待 2",
    "关闭等待",
    "最后确认",
    "正在关闭",
    "时间等待",
    "关闭",
)

_SEVERITIES_ZH = {"note": "提示", "warning": "警告", "error": "错误"}

# Verdicts of a finding, a phase and a connection.
_VERDICTS_ZH = {
    "observed": "已观察到",
    "inconclusive": "无法判定",
    "violates": "违反",
    "warns": "有警告",
    "conforms": "符合",
}

_SIDES_ZH = {"client": "客户端", "server": "服务器", "unknown": "来源不明", "both": "双方"}

_STEPS = {
    "handshake-1": ("handshake 1/3", "第一次握手"),
    "handshake-2": ("handshake 2/3", "第二次握手"),
    "handshake-3": ("handshake 3/3", "第三次握手"),
    "close-1": ("close 1/4", "第一次挥手"),
    "close-2": ("close 2/4", "第二次挥手"),
    "close-3": ("close 3/4", "第三次挥手"),
    "close-4": ("close 4/4", "第四次挥手"),
    "close-2+3": ("close 2+3/4", "第二、三次挥手"),
    "reset": ("reset", "复位"),
    "data": ("data", "数据"),
    "ack": ("ack", "确认"),
    "keep-alive": ("keep-alive", "保活探测"),
    "duplicate": ("duplicate", "抓包重复"),
    "foreign": ("foreign", "不属于本连接"),
    "invalid": ("invalid header", "首部无效"),
}
_AGAIN = (" again", "（重传）")

# How a handshake and a close went; the English word is the identity.
OUTCOMES_ZH = {
    "three-way": "三次握手完成",
    "simultaneous": "同时打开",  # of a handshake; of a close see below
    "split": "分离式握手",
    "refused": "被 RST 拒绝",
    "refused-icmp": "ICMP 拒绝",
    "unanswered": "无应答",
    "half-open": "半开（未完成）",
    "reset-by-initiator": "主动方复位",
    "cancelled": "发起后自行取消",
    "synack-only": "仅见 SYN-ACK",
    "partial": "部分可见",
    "mid-stream": "中途开始",
    "stray": "孤立报文段",
    "superseded": "被新 SYN 取代",
    "four-way": "四次挥手",
    "three-segment": "三次挥手（合并）",
    "orderly-unknown": "正常关闭（顺序未知）",
    "unfinished-F1": "第一个 FIN 未确认",
    "unfinished-F2": "半关闭未结束",
    "unfinished-LA": "最后一个 FIN 未确认",
    "rst-after-fin": "FIN 后复位（半双工关闭）",
    "rst-after-both-fins": "双 FIN 后复位",
    "abort": "异常终止",
    "abort-both": "双方复位",
    "none": "未见终止",
    "not-applicable": "不适用",
    "unknown": "无法判定",
}

# What evidence is missing when a rule cannot decide: one sentence each.
WHYS = {
    "mid-stream": (
        "The capture starts after the connection did: what came before is not known.",
        "抓包开始时连接已经建立，此前的报文段不得而知。",
    ),
    "hole": (
        "Bytes were acknowledged that the capture never shows: it lost segments.",
        "有一方确认了抓包中没有的数据：抓包丢失了报文段。",
    ),
    "truncated": (
        "The segment was not captured whole, so what it says cannot be read to its end.",
        "该报文段没有被完整捕获，其内容无法全部读出。",
    ),
    "one-way": (
        "Only one direction passed the capture point: the other end's segments are missing.",
        "抓包点只看到一个方向，缺少另一端的报文段。",
    ),
    "capture-end": (
        "The capture ends too early: the answer may have come later.",
        "抓包结束得太早，应答可能在此之后到达。",
    ),
    "order": (
        "The frames may stand in another order than the segments were sent in.",
        "帧的先后顺序可能与报文段的发送顺序不同。",
    ),
    "filtered": (
        "A capture filter kept only some kinds of segments.",
        "抓包过滤器只保留了某些种类的报文段。",
    ),
    "third-party": (
        "The segment may come from neither end: a middlebox or a forger.",
        "该报文段可能并非来自通信双方，而是来自中间设备或伪造者。",
    ),
    "far-tap": (
        "The capture point is too far from this end to see what it received, and when.",
        "抓包点离该端太远，看不出它何时收到了什么。",
    ),
}


def _column(lang: str) -> int:
    return 1 if lang == "zh" else 0


def state(number: int, lang: str = "en") -> str:
    """The RFC 9293 name of a state number of core/model, or its Chinese name."""
    return (STATES_ZH if lang == "zh" else STATES)[number]


def state_both(number: int) -> str:
    """The English name with the Chinese one beside it, as in a Chinese textbook."""
    return f"{STATES[number]} {STATES_ZH[number]}"


def step(name: str, again: bool = False, lang: str = "en") -> str:
    """What one segment is to its connection: `handshake 2/3`, 第三次挥手. `again` marks a retransmission."""
    words = _STEPS.get(name)
    text = words[_column(lang)] if words else name
    return text + _AGAIN[_column(lang)] if again else text


def handshake(outcome: str, lang: str = "en") -> str:
    """The outcome of a handshake in words."""
    return OUTCOMES_ZH.get(outcome, outcome) if lang == "zh" else outcome


def teardown(outcome: str, lang: str = "en") -> str:
    """The outcome of a close in words."""
    if lang == "zh" and outcome == "simultaneous":
        return "同时关闭"
    return OUTCOMES_ZH.get(outcome, outcome) if lang == "zh" else outcome


def verdict(word: str, lang: str = "en") -> str:
    """The verdict of a finding, a phase or a connection in words."""
    return _VERDICTS_ZH.get(word, word) if lang == "zh" else word


def severity(word: str, lang: str = "en") -> str:
    """The severity of a finding in words."""
    return _SEVERITIES_ZH.get(word, word) if lang == "zh" else word


def side(word: str, lang: str = "en") -> str:
    """`client`, `server`, `both` or `unknown` in words."""
    return _SIDES_ZH.get(word, word) if lang == "zh" else word


def why(word: str, lang: str = "en") -> str:
    """One sentence on the missing evidence, or the word itself when it is not in the table."""
    sentences = WHYS.get(word)
    return sentences[_column(lang)] if sentences else word


def said(texts: Sequence[str], lang: str) -> str:
    """The text of the language out of an (English, Chinese) pair."""
    return texts[_column(lang)]
