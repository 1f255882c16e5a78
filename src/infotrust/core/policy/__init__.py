"""From an agreement's terms to Cedar policies, and from a question to a decision with reasons."""
