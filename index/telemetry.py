"""Switches off the reports that libraries send to their makers."""

from __future__ import annotations

import os

_SWITCHES = {
    # Otherwise onnxruntime writes a device id below the home directory, and opens a connection
    # seconds after the first model was loaded. It reads this variable when it is imported:
    # disable_telemetry_events() comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
    # Otherwise a download tells the hub more than the model's name.
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def switch_off_telemetry() -> None:
    """Set the variables that the libraries obey, even where the environment says otherwise.

    SECURITY.md promises that nothing is reported.
    """
    os.environ.update(_SWITCHES)
