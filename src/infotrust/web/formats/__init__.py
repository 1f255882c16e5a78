"""How dates are written on every page. One folder for each language."""
