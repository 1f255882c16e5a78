"""Identifiers: names, dates of birth, numbers. Only intake and linkage may import this."""
