"""Reader of rich text: from tokens to paragraphs, notes, margins, comments and properties."""

from __future__ import annotations

from dataclasses import replace

from index.document import StyleKind
from index.errors import UnreadableDocument
from index.parsing.formats.office.form_field import FormField
from index.parsing.formats.rtf.content import Flow, Paragraph, RichText, State
from index.parsing.formats.rtf.rows import RowDefinition
from index.parsing.formats.rtf.tokens import CHARACTERS, SYMBOLS, code_page, decoded, tokens
from index.parsing.text.decoding import paired
from index.parsing.text.scripts import shifted, superscript, with_scripts
from index.parsing.text.symbol_fonts import field_sign, in_unicode
from index.parsing.unread.looks import WHITE, is_unseen

_SKIPPED = frozenset(
    "pict objdata objclass objname datafield xmlnstbl filetbl revtbl"
    " listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles"
    " datastore nonshppict shprslt sp xe tc txe rxe bkmkstart bkmkend atrfstart atrfend atnid"
    " atnauthor atnref atndate atnicn atntime atnparent ftnsep ftnsepc ftncn aftnsep aftnsepc"
    " aftncn template private pgptbl mmathPr wgrffmtfilter docvar mmathPict panose falt fontemb"
    " fontfile userprops shppict nonesttables htmltag mhtmltag".split()
)
_FLOWS = frozenset(
    "footnote annotation header headerl headerr headerf footer footerl footerr footerf listtext"
    " pntext shptxt dptxbxtext title author subject keywords doccomm category stylesheet fonttbl"
    " upr info fldinst colortbl formfield ffl".split()
)
"""Groups whose text is none of the text around them."""
_STARRED = _FLOWS | frozenset(
    "shpinst do ud cs mmath moMath moMathPara fldrslt result nesttableprops".split()
)
"""Groups marked as such that others may skip, and that are read."""
_KINDS = {
    "b": StyleKind.BOLD,
    "i": StyleKind.ITALIC,
    "strike": StyleKind.STRUCK,
    "striked": StyleKind.STRUCK,
}
_OF_FIELD = {"fftype": "kind", "ffres": "result", "ffdefres": "default"}
_ON_SHAPES = frozenset(("shptxt", "dptxbxtext"))
_MOST_DEPTH = 2_000
_USUAL_SHIFT = 6
_MOST_COLOURS = 10_000


def read(data: bytes, most_characters: int) -> RichText:
    """Return what a file holds, of at most so many characters; raises UnreadableDocument."""
    reader = _Reader(most_characters)
    for kind, text, number in tokens(data):
        reader.take(kind, text, number)
        if reader.is_full:
            break
    return reader.finish()


class _Reader:
    def __init__(self, most_characters: int) -> None:
        self._left = most_characters
        self._result = RichText()
        self._body = Flow()
        self._states = [State(self._body)]
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._font = self._number = 0
        self._colours: list[str] = []
        self._colour = [-1, -1, -1]
        self._bytes = bytearray()
        self._to_skip = 0
        self._field = FormField()
        self._notes = 0

    @property
    def is_full(self) -> bool:
        return self._left < 0

    def take(self, kind: str, text: str, number: int | None) -> None:
        if kind == "brace":
            self._flush()
            self._open() if text == "{" else self._close()
        elif self._states[-1].is_skipped:
            return
        elif kind == "text":
            self._add_bytes(text.encode("latin-1"))
        elif kind == "byte":
            self._add_bytes(bytes([number or 0]))
        elif kind == "symbol":
            self._symbol(text)
        else:
            if text != "u":
                self._flush()
                self._to_skip = 0
            self._word(text, number)

    def finish(self) -> RichText:
        self._flush()
        while len(self._states) > 1:
            self._close()
        self._end("par")
        self._result.paragraphs = self._body.paragraphs
        return self._result

    # Groups

    def _open(self) -> None:
        if len(self._states) > _MOST_DEPTH:
            raise UnreadableDocument("its contents are nested too deeply")
        self._states.append(
            replace(self._states[-1], is_starred=False, begins_flow=False, is_field=False)
        )
        self._to_skip = 0

    def _close(self) -> None:
        if len(self._states) < 2:
            return
        state = self._states[-1]
        if state.begins_flow:
            self._end("par")
        if state.is_field:
            self._show_sign()
        self._states.pop()
        self._to_skip = 0
        if state.begins_flow:
            self._close_flow(state.flow)

    def _show_sign(self) -> None:
        """Add the sign that a field is, where the file has nothing that it shows instead."""
        flow = self._states[-1].flow
        sign, flow.sign = flow.sign, ""
        if sign and len(flow.seen) == flow.sign_after:
            self._add(sign)

    def _close_flow(self, flow: Flow) -> None:
        text = "\n".join(filter(None, (each.seen.strip() for each in flow.paragraphs)))
        outer, result = self._states[-1].flow, self._result
        match flow.name:
            case "fldinst":
                outer.sign = field_sign(text) or self._field.shown
                outer.sign_after = len(outer.seen)
                self._field = FormField()
            case "ffl":
                self._field.entries.append(text)
            case "footnote":
                result.notes.append((flow.mark, text))
            case "annotation":
                result.comments.append(text)
            case "listtext" | "pntext":
                outer.marker = text.strip() if any(map(str.isalnum, text)) else "•"
            case "shptxt" | "dptxbxtext":
                outer.attached += flow.paragraphs
            case "title" | "author" | "subject" | "keywords" | "doccomm" | "category":
                result.properties.setdefault(flow.name, text)
            case name if name.startswith(("header", "footer")):
                result.margins.append(text)

    def _destination(self, name: str) -> bool:
        """Turn to a group's own text, or skip it; return whether the word begins such a group."""
        state = self._states[-1]
        is_starred, state.is_starred = state.is_starred, False
        if name in _SKIPPED or (is_starred and name not in _STARRED):
            state.is_skipped = True
        elif name in _FLOWS:
            state.flow = Flow(name, outer=state.flow)
            state.begins_flow = True
            state.is_hidden = state.is_deleted = False
            state.position = 0
            state.kinds = frozenset()
            state.colour = state.background = state.behind = 0
            state.size = None
        elif name == "nesttableprops":
            state.row = RowDefinition()
        elif name == "ud" and state.flow.outer is not None:
            state.flow = state.flow.outer  # the same text as Unicode
        else:
            return is_starred
        return True

    # Text

    def _add_bytes(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(decoded(data, self._states[-1].page, self._states[-1].font))

    def _add(self, text: str) -> None:
        state = self._states[-1]
        flow = state.flow
        if flow.name == "stylesheet":
            self._name_style(text)
            return
        if flow.name == "fonttbl":
            self._names[self._font] = self._names.get(self._font, "") + text.partition(";")[0]
            return
        if flow.name == "colortbl":
            for _ in range(text.count(";")):
                self._end_colour()
            return
        self._left -= len(text)
        if self.is_full:
            self._result.is_cut = True
            return
        if state.is_deleted:
            flow.deleted.append(text)
        elif state.is_hidden or self._is_unseen(state):
            flow.hidden.append(text)
        else:
            flow.seen.append((text, state.position))
            flow.runs.append((text, state.kinds))

    def _is_unseen(self, state: State) -> bool:
        """Return whether a text is too small, or has the colour of what is behind it."""
        if state.is_relief or (not state.colour and state.size is None):
            return False
        behind = self._colour_of(state.background) or self._colour_of(state.behind)
        if not behind and not state.in_tables and state.flow.name not in _ON_SHAPES:
            behind = WHITE
        return is_unseen(self._colour_of(state.colour), behind, state.size)

    def _colour_of(self, number: int) -> str:
        return self._colours[number] if 0 < number < len(self._colours) else ""

    def _end_colour(self) -> None:
        parts, self._colour = self._colour, [-1, -1, -1]
        if len(self._colours) < _MOST_COLOURS:
            is_known = all(0 <= part <= 255 for part in parts)
            self._colours.append(bytes(parts).hex() if is_known else "")

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._flush()
            self._states[-1].is_starred = True
        elif symbol in "\r\n":
            self._flush()
            self._end("par")
        elif symbol in SYMBOLS:
            self._flush()
            self._add(SYMBOLS[symbol])
        else:
            self._add_bytes(symbol.encode("latin-1"))

    def _name_style(self, text: str) -> None:
        name = text.rstrip(";").strip()
        if name:
            outline = self._states[-1].outline
            self._result.styles.setdefault(self._states[-1].style, (name.lower(), outline))

    def _end(self, end: str) -> None:
        """End a paragraph, a cell or a row."""
        state = self._states[-1]
        flow = state.flow
        paragraph = Paragraph(
            seen=paired(with_scripts(flow.seen)),
            hidden=paired("".join(flow.hidden)),
            deleted=paired("".join(flow.deleted)),
            style=state.style,
            outline=state.outline,
            depth=state.depth,
            runs=[(paired(text), kinds) for text, kinds in flow.runs],
            marker=flow.marker,
            in_tables=max(state.in_tables, int(end != "par")),
            end=end,
            row=state.row.finished() if end == "row" else None,
        )
        flow.paragraphs.append(paragraph)
        flow.paragraphs += flow.attached
        flow.seen, flow.hidden, flow.deleted, flow.attached, flow.marker = [], [], [], [], ""
        flow.runs = []

    # Words

    def _word(self, word: str, number: int | None) -> None:
        if self._destination(word):
            return
        state = self._states[-1]
        is_on = number != 0
        match word:
            case "u" if number is not None:
                self._flush()
                self._add(in_unicode(state.font, chr(number & 0xFFFF)))
                self._to_skip = state.skips
            case "par" | "sect" | "page" | "column":
                self._end("par")
            case "cell" | "row" | "nestcell" | "nestrow":
                self._end(word.removeprefix("nest"))
            case _ if word in CHARACTERS:
                self._add(CHARACTERS[word])
            case "uc":
                state.skips = max(0, min(number if number is not None else 1, 16))
            case "plain":
                state.is_hidden, state.position = False, 0
                state.kinds = frozenset()
                state.page, state.font = self._page, ""
                state.colour = state.background = 0
                state.size, state.is_relief = None, False
            case _ if word in _KINDS:
                kind = frozenset({_KINDS[word]})
                state.kinds = state.kinds | kind if is_on else state.kinds - kind
            case "v":
                state.is_hidden = is_on
            case "deleted":
                state.is_deleted = is_on
            case "super":
                state.position = int(is_on)
            case "sub":
                state.position = -int(is_on)
            case "nosupersub":
                state.position = 0
            case "up" | "dn":
                half_points = _USUAL_SHIFT if number is None else number
                state.position = shifted(half_points if word == "up" else -half_points)
            case "chftn":
                self._note_mark()
            case _:
                self._setting(word, number)

    def _setting(self, word: str, number: int | None) -> None:
        state = self._states[-1]
        match word:
            case "field":
                state.is_field = True
            case "pard":
                state.style, state.outline, state.depth, state.in_tables = 0, None, 0, 0
                state.behind = 0
            case "s" if number is not None:
                state.style = number
            case "outlinelevel" if number is not None:
                state.outline = number
            case "red" | "green" | "blue" if number is not None:
                self._colour[("red", "green", "blue").index(word)] = number
            case "cf":
                state.colour = number or 0
            case "cb" | "chcbpat" | "highlight":
                state.background = number or 0
            case "embo" | "impr" | "outl" | "shad":
                state.is_relief = number != 0
            case "cbpat":
                state.behind = number or 0
            case "fs" if number:
                state.size = number / 2
            case "ilvl" if number is not None:
                state.depth = max(0, min(number, 8))
            case "intbl":
                state.in_tables = max(state.in_tables, 1)
            case "itap" if number is not None:
                state.in_tables = max(0, number)
            case "ansicpg" if number:
                self._page = state.page = code_page(number)
            case "mac":
                self._page = state.page = "mac_roman"
            case "pc" | "pca":
                self._page = state.page = "cp437" if word == "pc" else "cp850"
            case "f" | "af" if number is not None:
                self._font = number
                state.page = self._fonts.get(number) or self._page
                if word == "f":  # the other one is that of right-to-left scripts
                    state.font = self._names.get(number, "").strip()
            case "fcharset" if state.flow.name == "fonttbl":
                self._fonts[self._font] = code_page(number, charset=True)
            case "fftype" | "ffres" | "ffdefres" if number is not None:
                setattr(self._field, _OF_FIELD[word], number)
            case "yr" | "mo" | "dy" | "hr" | "min" if number is not None:
                self._result.created.setdefault(word, number)
            case _ if word.startswith(("tr", "cl", "cellx")):
                state.row.take(word, number)

    def _note_mark(self) -> None:
        """Number a note where it is referred to, and once more where it begins."""
        flow = self._states[-1].flow
        if flow.name == "footnote":
            flow.mark = str(self._notes)
        else:
            self._notes += 1
            self._states[-1].flow.seen.append((superscript(str(self._notes)), 0))
