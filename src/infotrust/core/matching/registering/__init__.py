"""A register on disk: what more records are linked to, and the identifiers of persons that last."""
