"""The lookup of texts by gettext; without a catalog they stay in English.

A text is written `_("… {name} …").format(name=value)`, and one with a number
`ngettext("{n:,} page", "{n:,} pages", number).format(n=number)`, so that the tools of gettext find
it in the source. A text is looked up once where it stands in a constant: the language is that of
the process, not that of a person.
"""

from __future__ import annotations

import gettext

__all__ = ["_", "ngettext"]

_catalog = gettext.NullTranslations()
_ = _catalog.gettext
ngettext = _catalog.ngettext
