"""Encrypted immutable Parquet tables, data keys and how they are wrapped, shredded and proven gone."""
