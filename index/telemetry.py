"""Tells libraries not to report to their makers."""

from __future__ import annotations

import os

__all__ = ["switch_off_telemetry"]

_SWITCHES = {
    # Else a device id below the home directory, and a connection seconds after the first model was
    # loaded. It is read when the library is loaded: disable_telemetry_events() comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
    # What a download of a model tells the hub besides the model's name.
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def switch_off_telemetry() -> None:
    """Set what the libraries go by, also where the environment says otherwise: we promise it."""
    os.environ.update(_SWITCHES)
