"""The OpenDocument formats: texts, sheets and slides."""
