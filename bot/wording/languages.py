"""The names of languages."""

from __future__ import annotations

from collections.abc import Mapping

from bot.localization import LazyText

LANGUAGE_NAMES: Mapping[str, LazyText] = {
    "ar": LazyText("Arabic"),
    "cs": LazyText("Czech"),
    "da": LazyText("Danish"),
    "de": LazyText("German"),
    "el": LazyText("Greek"),
    "en": LazyText("English"),
    "es": LazyText("Spanish"),
    "fi": LazyText("Finnish"),
    "fr": LazyText("French"),
    "he": LazyText("Hebrew"),
    "hi": LazyText("Hindi"),
    "hu": LazyText("Hungarian"),
    "it": LazyText("Italian"),
    "ja": LazyText("Japanese"),
    "ko": LazyText("Korean"),
    "nl": LazyText("Dutch"),
    "no": LazyText("Norwegian"),
    "pl": LazyText("Polish"),
    "pt": LazyText("Portuguese"),
    "ro": LazyText("Romanian"),
    "ru": LazyText("Russian"),
    "sv": LazyText("Swedish"),
    "th": LazyText("Thai"),
    "tr": LazyText("Turkish"),
    "uk": LazyText("Ukrainian"),
    "zh": LazyText("Chinese"),
}
