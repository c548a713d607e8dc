"""The engine: from documents to cited, word-for-word answers. It knows nothing of Discord.

No names are exported here. The models' libraries take seconds to import, so callers import the
module that they need, where they need it.
"""

from __future__ import annotations

from index.telemetry import switch_off_telemetry

# Here, because this runs before any module of the package imports a library that reports home.
switch_off_telemetry()
