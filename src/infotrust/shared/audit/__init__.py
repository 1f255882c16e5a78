"""The append-only, hash-chained log of every decision, look-up, run, release and administrative change."""
