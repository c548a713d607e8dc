"""In which language a question is asked."""

from __future__ import annotations

import pytest

from index.answering.understanding.language import language_beside, language_of


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("Wie hoch ist das Tagegeld in Wien?", "de"),
        ("wer zahlt für Alkohol", "de"),
        ("was kostet das wasser", "de"),
        ("dürfen hunde frei laufen", "de"),
        ("wie lange dauert die genehmigung", "de"),
        ("Darf man hier rauchen?", "de"),
        ("combien coûte le convoi", "fr"),
        ("¿Cuál es el límite de alojamiento en Viena?", "es"),
        ("Quanto costa il convoglio?", "it"),
        ("Qual é o limite de hospedagem em Viena?", "pt"),
        ("hoeveel kost het konvooi", "nl"),
        ("hur mycket kostade konvojen", "sv"),
        ("hvem betaler for alkohol", "no"),
        ("hvem kan jeg spørre om reiseregninger", "no"),
        ("Hvornår lukker kontoret?", "da"),
        ("Kuka maksaa alkoholin?", "fi"),
        ("Ile kosztował konwój?", "pl"),
        ("Alkolü kim ödüyor?", "tr"),
        ("Кто платит за алкоголь?", "ru"),
        ("Хто платить за алкоголь і їжу?", "uk"),
        ("アルコールは誰が払いますか", "ja"),
        ("谁付酒钱", "zh"),
        ("من يدفع ثمن الكحول؟", "ar"),
    ],
)
def test_a_question_in_another_language(typed: str, language: str) -> None:
    assert language_of(typed) == language


@pytest.mark.parametrize(
    "typed",
    [
        "Who is Petra Novotná?",
        "stockholm per diem",
        "What did van der Berg say about Zürich?",
        "de la Rosa contract",
        "Leonardo da Vinci",
        "el niño",
        "wat is teh alowance in viena",
        "Is Die Zeit a newspaper?",
        "merci",
        "the 東京 office",
        "12:30?",
        "",
    ],
)
def test_names_and_borrowed_words_are_english(typed: str) -> None:
    assert language_of(typed) is None


GERMAN = "Die Kernarbeitszeit ist von 10 bis 15 Uhr. In dieser Zeit muss man erreichbar sein."
ENGLISH = "Claims are made in the Klarbok app by the end of each month."


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["kernarbeitszeit"], "de"),
        (["erreichbar", "telefon"], "de"),
        (["kernarbeitszei"], "de"),
        (["klarbok"], None),
        (["uhr"], None),
        (["urlaub"], None),
        ([], None),
    ],
)
def test_a_word_is_of_the_language_of_the_first_text_that_has_it(
    words: list[str], language: str | None
) -> None:
    assert language_beside(words, [ENGLISH, GERMAN]) == language
