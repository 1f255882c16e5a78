"""Agreements as data: drafted, reviewed, signed, compiled into policy, ended."""
