"""Content without identifiers, row by row under random record ids."""
