"""The public site: reads the catalogue, and has no way to people's data."""
