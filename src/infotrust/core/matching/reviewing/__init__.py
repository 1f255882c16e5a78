"""Which pairs people should look at, and what their answers say: of the pairs, the linkage's error, each other."""
