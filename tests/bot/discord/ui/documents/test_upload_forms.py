"""The forms of /upload, within Discord's limits whatever the folders are called."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.rendering.limits import units
from bot.discord.ui.documents.upload_forms import folder_form, upload_form
from bot.localization import LANGUAGES, speaking
from tests.bot.discord.rendering.texts import any_text


@given(language=st.sampled_from(LANGUAGES), folders=st.lists(any_text, max_size=4), typed=any_text)
@example(language="en", folders=["x" * 300, "👩‍👩‍👧" * 120] * 15, typed="Ω" * 960)
def test_any_names(language: str, folders: list[str], typed: str) -> None:
    by_key = {f"key{number:09}": folder for number, folder in enumerate(folders)}
    with speaking(language):
        forms = upload_form(by_key, typed), folder_form(by_key, "t" * 12)
    for form in (each.to_dict() for each in forms):
        assert units(form["title"]) <= 45
        for label in form["components"]:
            assert 1 <= units(label["label"]) <= 45
            assert units(label.get("description") or "") <= 100
            field = label["component"]
            options = field.get("options", ())
            assert len(options) <= 25
            assert all(1 <= units(option["label"]) <= 100 for option in options)
            assert units(field.get("value") or "") <= field.get("max_length", 0)
