"""Sources, datasets and fields, as their stewards describe them."""
