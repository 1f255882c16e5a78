"""Small cells and what they give away: findings, and the suppression that protects them."""
