"""Pairs become odds: what each agreement is worth, learned from the data, and applied."""
