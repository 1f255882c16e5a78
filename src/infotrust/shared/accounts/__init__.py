"""People who use the trust: their agency, roles and sign-in."""
