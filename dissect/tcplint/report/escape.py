r"""What comes from a capture or from a file system is shown, never obeyed.

A file name or a text out of a packet may hold characters that move a terminal's cursor, change its colours, turn the
direction of writing or hide themselves. Every report passes such texts through `escape`: what is not plainly visible
becomes a backslash and a number.

- Control characters (C0, DEL, C1), which start every escape sequence of a terminal: `\x1b`.
- Format characters, among them the bidirectional overrides and the zero-width ones: `\u202e`.
- Line and paragraph separators, which some viewers take for a new line: `\u2028`.
- Bytes of a file name that are no valid text, which Python carries as lone surrogates: `\xff`.
- Unassigned and private characters, whose look nobody can know.
"""

import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def escape(text: str) -> str:
    """Give `text` with every character that a terminal might obey or hide replaced by its number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_number(character) if unicodedata.category(character) in HIDDEN else character for character in text)


def _number(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: the byte itself
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
