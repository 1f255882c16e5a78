"""Output tables checked for disclosure by someone other than their author, then published."""
