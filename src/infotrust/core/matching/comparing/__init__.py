"""Records become pairs: which are worth comparing, and how each pair agrees, field by field."""
