"""Why records are together or apart, what would change it, and how a whole linkage stands."""
