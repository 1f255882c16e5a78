"""Settings, addresses, the page frame, and reactions.py: what follows from what."""
