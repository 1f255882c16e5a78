"""Data requests and the licenses that come of them: who asks for what, who answers, and what they may then do."""
