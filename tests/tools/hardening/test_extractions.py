"""What our reading of a file lacks, or alone has, beside that of other libraries."""

from __future__ import annotations

import io

import docx

from tools.hardening.extractions import compare, terms


def test_words_and_figures_are_the_same_however_they_are_laid_out() -> None:
    assert terms("1,250.5 litres¹ of tar\u00adpaulin") == {
        "1,250.5",
        "1",
        "litres",
        "of",
        "tarpaulin",
    }


def test_what_only_one_side_has_is_told_apart() -> None:
    made, file = docx.Document(), io.BytesIO()
    made.add_paragraph("The ferry leaves at nine.")
    made.add_paragraph("First", style="List Number")
    made.sections[0].footer.paragraphs[0].text = "Harbour office"
    made.save(file)
    found = compare(file.getvalue(), ".docx")
    assert not found.lacking
    assert found.alone == {"1", "Harbour", "office"}


def test_what_we_refuse_is_wholly_theirs() -> None:
    found = compare(b"<p>Nine\0 <b>ferries</b>", ".html")
    assert found.refused
    assert "ferries" in found.lacking
    assert not found.alone
