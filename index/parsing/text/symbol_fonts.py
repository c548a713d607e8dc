"""Characters of the fonts Symbol and Wingdings, whose letters are signs: W is Ω, J is ☺."""

from __future__ import annotations

import re

_PRIVATE = range(0xF000, 0xF100)
"""Where Unicode's private area has the 256 characters of such a font."""

_SYMBOL = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xF0), *range(0xF1, 0xFF)],
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?"
        "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
        "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"
        "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_WINGDINGS = {
    0x20: " ", 0x21: "✏", 0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x4C: "☹",
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x9F: "•",
    0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔",
    0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS |= dict(zip(range(0x80, 0x8B), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True))
_WINGDINGS |= dict(zip(range(0x8B, 0x96), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True))
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"}
_BULLET = "•"
"""What stands for a sign that is not known: most are those of lists."""
_FIELD = re.compile(
    r"\s*SYMBOL\s+(?P<code>0x[0-9a-f]{1,4}|\d{1,5})\b(?P<rest>.{0,200})", re.IGNORECASE | re.DOTALL
)
_FONT = re.compile(r'\\f\s*(?:"(?P<quoted>[^"]{1,40})"|(?P<plain>[^\s"\\]{1,40}))', re.IGNORECASE)
_FONTS: dict[str, dict[int, str]] = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
}


def symbol(font: str, code: int) -> str:
    """Return the character of a font in Unicode; "" where it is not known."""
    signs = _FONTS.get(font.lower())
    if signs is None:
        return "" if code in _PRIVATE or not 0x20 <= code < 0xD800 else chr(code)
    return signs.get(code - _PRIVATE.start if code in _PRIVATE else code, "")


def in_unicode(font: str | None, text: str) -> str:
    """Return a text in which the private characters of a known font are those of Unicode."""
    signs = _FONTS.get((font or "").lower())
    if signs is None:
        return text
    return text.translate(
        {code: signs[code - 0xF000] for code in _PRIVATE if code - 0xF000 in signs}
    )


def is_symbol_font(font: str) -> bool:
    """Return whether the signs of a font are known."""
    return font.lower() in _FONTS


def signs(font: str, data: bytes) -> str:
    """Return what bytes show in a font of symbols."""
    known = _FONTS.get(font.lower())
    if known is None:
        return "".join(chr(byte) if byte < 0x80 else _BULLET for byte in data)
    return "".join(known.get(byte, _BULLET if byte >= 0x80 else chr(byte)) for byte in data)


def field_sign(instruction: str) -> str:
    """Return what a field such as `SYMBOL 176 \\f "Symbol"` shows; empty for any other field."""
    found = _FIELD.match(instruction)
    if found is None:
        return ""
    named = _FONT.search(found["rest"])
    font = "" if named is None else named["quoted"] or named["plain"]
    code = int(found["code"], 16 if found["code"].lower().startswith("0x") else 10)
    if not is_symbol_font(font) and "dings" in font.lower():
        return ""  # its signs are not known
    if not is_symbol_font(font) and 0x80 <= code < 0x100:
        return bytes([code]).decode("cp1252", "replace")
    return symbol(font, code)
