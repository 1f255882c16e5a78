"""Records become persons with a stable identifier and a history."""
