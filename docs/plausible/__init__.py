"""Marigold County beside published figures: what is measured, what it is held against, and how it is drawn.

`docs/plausibility.py` runs it; the page it writes is docs/explanation/practice-county-plausibility.md.
"""
