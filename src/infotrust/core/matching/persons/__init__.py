"""Odds become persons: grouping records under constraints, and identifiers that last."""
