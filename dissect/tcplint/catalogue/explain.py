"""What `tcplint rule` prints: one rule in full, or a list of rules by group. Plain text, in `en` or `zh`.

The English pages hold the ladders; the Chinese text shows the same ones, each in the section that speaks of it.
"""

from collections.abc import Sequence
from string import Formatter

from tcplint.catalogue.load import GROUPS, Rule, is_duration
from tcplint.catalogue.page import SECTIONS

GROUP_TITLES = {
    "handshake": ("Handshake", "建立连接（三次握手）"),
    "teardown": ("Teardown", "终止连接（四次挥手）"),
    "reset": ("Reset", "复位（RST）"),
    "options": ("Options", "选项协商"),
    "header": ("Flags and header", "标志位与首部"),
    "reuse": ("Incarnations and TIME-WAIT", "连接实例与 TIME-WAIT"),
    "capture": ("Capture artefacts", "抓包假象"),
}
SEVERITIES_ZH = {"error": "错误", "warning": "警告", "note": "提示"}
# What stands in the place of a value; of any other number, <n>.
_SIDE, _OTHER, _TIME = ("side", "一端"), ("other side", "另一端"), ("time", "时间")
LABELS = {
    "en": ("kind", "clauses", "yields to", "none", "elsewhere", "no word for it known"),
    "zh": ("种类", "条款", "让位于", "无", "其他程序的叫法", "未知有此叫法"),
}
PEERS = {"suricata": "Suricata", "zeek": "Zeek", "wireshark": "Wireshark", "snort": "Snort"}


def explain(rule: Rule, lang: str = "en") -> str:
    """One rule: title, code, kinds with their messages, clauses, prose and ladders."""
    kinds, clauses, yields, none, elsewhere, nowhere = LABELS[lang]
    lines = [f"{rule.code} {rule.name}", rule.title[lang], ""]
    for kind, severity in rule.kinds.items():
        lines.append(f"{kinds}: {kind} ({_severity(severity, lang)})")
        lines.append(f"    {_pattern(rule.messages[lang][kind], lang)}")
    lines.append(f"{clauses}: {'; '.join(rule.clauses)}")
    if rule.yields_to:
        lines.append(f"{yields}: {', '.join(rule.yields_to)}")
    called = "; ".join(f"{PEERS[peer]}: {', '.join(words)}" for peer, words in rule.aliases.items())
    lines.append(f"{elsewhere}: {called or nowhere}")
    for heading, english in zip(SECTIONS[lang], SECTIONS["en"], strict=True):
        lines += ["", heading, ""]
        lines += _prose(rule.sections[lang].get(heading, ""))
        if english in rule.missing:
            lines.append(f"  {none}: {rule.missing[english]}" if lang == "en" else f"  {none}")
        if lang != "en":
            lines += _ladders(rule, english)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def listing(rules: Sequence[Rule], lang: str = "en") -> str:
    """Rules by group, one a line: code, name, severity, title."""
    if not rules:
        return ""
    width = max(len(rule.name) for rule in rules)
    lines = []
    for group in GROUPS:
        members = [rule for rule in rules if rule.group == group]
        if members:
            title = GROUP_TITLES[group][1 if lang == "zh" else 0]
            lines += ["", f"{title} ({group})" if lang == "en" else f"{title}  {group}"]
        for rule in members:
            severity = _severity(rule.severity, lang)
            lines.append(f"  {rule.code}  {rule.name:{width}}  {severity:7}  {rule.title[lang]}")
    return "\n".join(lines[1:]) + "\n"


def _pattern(message: str, lang: str) -> str:
    """A message with the places for its values marked: `<side> sent <n> bytes`."""
    words = {}
    for _, name, _, _ in Formatter().parse(message):
        if name:
            pair = _TIME if is_duration(name) else {"side": _SIDE, "other": _OTHER}.get(name, ("n", "n"))
            words[name] = f"<{pair[lang == 'zh']}>"
    return message.replace("[", "").replace("]", "").format_map(words)


def _severity(word: str, lang: str) -> str:
    return SEVERITIES_ZH[word] if lang == "zh" else word


def _prose(text: str) -> list[str]:
    """Markdown as plain lines: fences go, what stood in them is set in further."""
    lines = []
    fenced = False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        else:
            lines.append(("    " if fenced else "  ") + line)
    return lines


def _ladders(rule: Rule, section: str) -> list[str]:
    lines = []
    for ladder in rule.ladders:
        if ladder.section == section:
            lines += ["", *("    " + line for line in ladder.text.split("\n"))]
    return lines
