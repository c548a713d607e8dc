"""Codes of number formats, taken apart: sections of tokens (ECMA-376-1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

BUILTIN_FORMATS = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)', 7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    27: "yyyy-mm-dd", 28: "yyyy-mm-dd", 29: "yyyy-mm-dd", 30: "mm-dd-yy", 31: "yyyy-mm-dd",
    32: "h:mm", 33: "h:mm:ss", 34: "yyyy-mm-dd", 35: "yyyy-mm-dd", 36: "yyyy-mm-dd",
    **dict.fromkeys(range(50, 59), "yyyy-mm-dd"),
}  # fmt: skip
"""The codes that files name by their number alone. 27 to 36 and 50 to 58 depend on the language."""

_LONGEST_CODE = 255
WIDE: Final = Context(prec=80)
"""For rounding any number that is written out."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<blank>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P)"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|g+|b+)|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SIMPLE = re.compile(r"x*(?P<digits>(?:#,##)?0(?:\.(?P<decimals>0+))?)(?:x*|x*%x*)")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+)", re.I)
_CURRENCY = re.compile(r"\$(?P<sign>[^-]*)(?:-(?P<language>[0-9A-Fa-f]+))?")
_ENGLISH = 0x09


class Token(NamedTuple):
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Simple:
    """A section such as `#,##0.00"kr"`, which nearly all numbers have."""

    before: str
    after: str
    step: Decimal
    is_grouped: bool
    is_share: bool

    def written(self, number: Decimal) -> str:
        if self.is_share:
            number = number.scaleb(2)
        rounded = number.quantize(self.step, ROUND_HALF_UP, WIDE)
        digits = f"{rounded:,f}" if self.is_grouped else f"{rounded:f}"
        if rounded.is_signed():
            return ("-" if rounded else "") + self.before + digits[1:] + self.after
        return self.before + digits + self.after


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One part of a code: what is written for the numbers that it is for."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None
    has_colour: bool
    is_english: bool
    is_date: bool
    simple: _Simple | None

    def has(self, kind: str, text: str | None = None) -> bool:
        return any(one.kind == kind and text in (None, one.text) for one in self.tokens)


@lru_cache(4096)
def sections_of(code: str) -> tuple[FormatSection, ...]:
    """Return the sections of a code; none where it is too long to be one."""
    if len(code) > _LONGEST_CODE:
        return ()
    sections: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(match)
    return tuple(map(_section, sections[:4]))


def _section(matches: Sequence[re.Match[str]]) -> FormatSection:
    tokens: list[Token] = []
    condition: tuple[str, Decimal] | None = None
    has_colour, is_english = False, True
    for match in matches:
        kind, text = match.lastgroup or "", match[match.lastgroup or 0]
        if kind in ("quoted", "escaped", "other"):
            tokens.append(Token("literal", text))
        elif kind == "bracket":
            lowered = text.lower()
            if found := _CONDITION.fullmatch(text):
                condition = found[1], Decimal(found[2])
            elif lowered and not lowered.strip(lowered[0]) and lowered[0] in "hms":
                tokens.append(Token("elapsed", lowered))
            elif currency := _CURRENCY.fullmatch(text):
                language = int(currency["language"] or "9", 16)
                is_english &= language & 0xFF == _ENGLISH
                tokens.append(Token("literal", currency["sign"]))
            has_colour |= _COLOUR.fullmatch(text) is not None
        elif kind == "blank":
            tokens.append(Token("literal", " "))
        else:
            tokens.append(Token(kind, text.lower() if kind == "date" else text))
    is_date = any(one.kind in ("date", "elapsed") for one in tokens)
    return FormatSection(tuple(tokens), condition, has_colour, is_english, is_date, _simple(tokens))


def _simple(tokens: Sequence[Token]) -> _Simple | None:
    kinds = "".join(one.text if one.kind in ("digit", "sign") else "x" for one in tokens)
    match = _SIMPLE.fullmatch(kinds)
    if match is None or any(one.kind not in ("digit", "sign", "literal") for one in tokens):
        return None
    start, end = match.span("digits")
    return _Simple(
        "".join(one.text for one in tokens[:start]),
        "".join(one.text for one in tokens[end:]),
        Decimal(1).scaleb(-len(match["decimals"] or "")),
        "," in match["digits"],
        "%" in kinds,
    )
