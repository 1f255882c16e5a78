"""Deliveries: received, checked against their contract, split, sealed, made current whole or not at all."""
