"""From the first conversation to a use case that every partner has signed off."""
