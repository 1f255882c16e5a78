"""Who decides, and how: bodies with seats and charters, motions, votes, and the four questions."""
