"""Locked SQL over permitted views: parsed, limited, run in a closed DuckDB connection."""
