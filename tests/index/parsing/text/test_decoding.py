from __future__ import annotations

import pytest

from index.errors import UnreadableDocument
from index.parsing.text.decoding import decode

NORWEGIAN = (
    "Støre sier at Norge er klar til å bidra. Regjeringen vil øke støtten, særlig på grensen."
)
FRENCH = "Le gouvernement a confirmé qu’il était prêt à déployer des soldats — après la signature."
JAPANESE = "ノルウェーは停戦後にウクライナへ部隊を派遣する用意がある。政府の決定である。"
RUSSIAN = "Норвегия готова направить войска в Украину после прекращения огня. Это решение."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_in_silence(encoding: str) -> None:
    decoded = decode(NORWEGIAN.encode(encoding))
    assert (decoded.text, decoded.remark) == (NORWEGIAN, "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    decoded = decode(NORWEGIAN.encode(encoding))
    assert decoded.text == NORWEGIAN
    assert decoded.remark


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (NORWEGIAN, "latin-1", "Windows-1252"),
        (FRENCH, "cp1252", "Windows-1252"),
        ("naïve café “quoted”", "cp1252", "Windows-1252"),
        (JAPANESE, "shift_jis", "Shift-JIS"),
        (RUSSIAN, "cp1251", "Windows-1251"),
    ],
)
def test_a_guess_is_remarked(text: str, encoding: str, named: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.remark == f"It is not UTF-8; it was read as {named}, which is a guess."


def test_what_is_declared_as_ascii_and_is_not_is_guessed() -> None:
    assert decode(RUSSIAN.encode("cp1251"), "us-ascii").text == RUSSIAN
    assert decode("naïve café".encode("latin-1"), "us-ascii").text == "naïve café"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("港の鐘は正午に鳴ります。", "iso2022_jp", "ISO-2022-JP"),
        ("港の鐘は正午に鳴ります。", "iso2022_jp", None),
        ("ﾄｳｷｮｳ 港", "iso2022_jp_ext", "iso-2022-jp"),
        ("항구의 종", "iso2022_kr", "iso-2022-kr"),
        ("항구의 종", "iso2022_kr", None),
        ("港口的钟", "hz", "hz-gb-2312"),
        ("Überfahrt", "utf-7", "utf-7"),
        ("Only a few letters + signs", "ascii", "iso-2022-jp"),
        ("1 + 1 = 2 ~ two", "utf-8", None),
        ("naïve", "utf-8", "iso-2022-jp"),
    ],
)
def test_other_scripts_in_the_bytes_of_ascii(text: str, encoding: str, declared: str) -> None:
    decoded = decode(text.encode(encoding), declared)
    assert (decoded.text, decoded.remark) == (text, "")


def test_broken_escapes_are_remarked() -> None:
    decoded = decode("港の鐘".encode("iso2022_jp") + b" \x1b$B\x21", "iso-2022-jp")
    assert decoded.text.startswith("港の鐘 \ufffd")
    assert decoded.remark == "1 place was not valid ISO2022-JP-EXT and read as \ufffd."


def test_what_a_file_declares_goes_before_a_guess() -> None:
    decoded = decode(RUSSIAN.encode("koi8-r"), "koi8-r")
    assert (decoded.text, decoded.remark) == (RUSSIAN, "")
    assert decode("café".encode("cp1252"), "no-such-encoding").text == "café"
    assert decode(b"caf\xe9 \x93x\x94", "iso-8859-1").text == "café “x”"


def test_mixed_encodings_keep_what_is_sound() -> None:
    decoded = decode((NORWEGIAN + " ").encode() + "rød".encode("latin-1") + b" til slutt")
    assert decoded.text == NORWEGIAN + " r\ufffdd til slutt"
    assert decoded.remark == "1 place was not valid UTF-8 and read as \ufffd."


def test_broken_utf16_is_remarked() -> None:
    decoded = decode(b"\xff\xfea\0b\0c")
    assert decoded.text == "ab\ufffd"
    assert "UTF-16" in decoded.remark


@pytest.mark.parametrize("data", [b"a\0b", b"\x89PNG\r\n\x1a\n\0\0\0\r", bytes(range(1, 32)) * 9])
def test_bytes_that_are_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="it is not text"):
        decode(data)


def test_a_few_zeros_in_a_text_are_left_out() -> None:
    decoded = decode(NORWEGIAN.encode() * 5 + b"\0" + NORWEGIAN.encode())
    assert decoded.text == NORWEGIAN * 6
    assert decoded.remark == "1 NUL byte was left out."


def test_of_guesses_without_faults_the_most_coherent_is_taken() -> None:
    words = (
        "Die schöne Frau hat einen Kaffee mit Kuchen gegessen. L'été était très chaud cette année."
        " El niño comió paella con ñoquis y la señora pagó 25,75 €. Kvinnan åt köttbullar. "
    )
    assert decode(words.encode("cp1252")).text == words


def test_line_breaks_are_left_alone() -> None:
    assert decode(b"a\r\nb\rc\n").text == "a\r\nb\rc\n"


def test_between_equal_guesses_the_one_that_puts_no_sign_inside_a_word_is_taken() -> None:
    words = "Piotr Zając’s car led the way. The depot in Rzeszów sent a second tanker. " * 5
    decoded = decode(words.encode("cp1250"))
    assert decoded.text == words
    assert decoded.remark == "It is not UTF-8; it was read as Windows-1250, which is a guess."
