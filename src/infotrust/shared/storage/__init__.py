"""Encrypted immutable parts, their wrapped keys, and the generation pointer that makes a load visible."""
