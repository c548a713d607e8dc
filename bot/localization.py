"""The lookup of texts by gettext; without a catalog they stay in English.

Every sentence that `bot` shows is written `_("… {name} …").format(name=value)`, or with a number
`ngettext("{n:,} page", "{n:,} pages", number).format(n=number)`: the tools of gettext find it in
the source, and another language orders its words as it needs. A text in a constant is looked up
once, so the language is that of the process, not that of a person.

Only in English are the errors of the engine (`index.errors`), the help of the terminal's commands,
the log, and what Prometheus reads.
"""

from __future__ import annotations

import gettext

__all__ = ["_", "ngettext"]

_catalog = gettext.NullTranslations()
_ = _catalog.gettext
ngettext = _catalog.ngettext
