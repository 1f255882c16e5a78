"""What the pages of partnerships show: one frozen value for each page, and on top of each whose turn it is."""
