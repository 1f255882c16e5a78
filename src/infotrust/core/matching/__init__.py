"""Which records belong to one person: standardize, find candidates, compare, estimate, score, cluster, identify."""
