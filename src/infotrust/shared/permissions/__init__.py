"""The one place where permission decisions are made; everyone else asks."""
