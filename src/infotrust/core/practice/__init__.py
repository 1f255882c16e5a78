"""Marigold County: a made-up population and its agencies' files, with the truth."""
