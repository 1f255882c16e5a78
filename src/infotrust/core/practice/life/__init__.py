"""The people of a ward and what happens to them: `make_ward`. It knows no agency and no program."""

from infotrust.core.practice.life.simulation import make_ward

__all__ = ["make_ward"]
