"""A span of time in words: `130 µs`, `20.4 ms`, `1.01 s`, `2 min 5 s`; in Chinese `20.4 毫秒`, `2 分 5 秒`.

Captures hold spans from microseconds to days. Three digits tell everything that a reader compares, and a unit that fits
saves counting zeros. Digits are cut off, not rounded: 0.9998 s is `999 ms`, so a text never says "after 1 s" of what
came "earlier than one second".
"""

SECOND = 1_000_000  # µs
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND

_WORDS = {
    "en": {"µs": "µs", "ms": "ms", "s": "s", "min": "min", "h": "h", "d": "d"},
    "zh": {"µs": "微秒", "ms": "毫秒", "s": "秒", "min": "分", "h": "小时", "d": "天"},
}
_PAIRS = ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min"), (MINUTE, "min", SECOND, "s"))


def duration(microseconds: int, lang: str = "en") -> str:
    """The span with its unit, in `en` or `zh`; a negative one with a minus sign."""
    words = _WORDS[lang]
    if microseconds < 0:
        return "-" + duration(-microseconds, lang)
    if microseconds < 1000:
        return f"{microseconds} {words['µs']}"
    if microseconds < SECOND:
        return f"{_three_digits(microseconds, 1000)} {words['ms']}"
    if microseconds < MINUTE:
        return f"{_three_digits(microseconds, SECOND)} {words['s']}"
    large, large_name, small, small_name = next(pair for pair in _PAIRS if microseconds >= pair[0])
    whole, rest = divmod(microseconds, large)
    text = f"{whole} {words[large_name]}"
    return f"{text} {rest // small} {words[small_name]}" if rest >= small else text


def _three_digits(value: int, unit: int) -> str:
    """`value / unit`, which is below 1000, with at most three digits and without zeros at the end."""
    whole = value // unit
    places = 3 - len(str(whole))
    if places == 0:
        return str(whole)
    fraction = f"{value % unit * 10**places // unit:0{places}d}".rstrip("0")
    return f"{whole}.{fraction}" if fraction else str(whole)
