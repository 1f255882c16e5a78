"""Marigold County: practice data that behaves like real agencies, with the truth."""
