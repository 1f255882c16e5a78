"""All regimes that this process knows: those that come with infotrust, and those of the trust's own folder."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from infotrust.core.errors import NotThere
from infotrust.core.law.reading import LawFileWrong, read_regime
from infotrust.core.law.regime import Regime

_own_folder: Path | None = None


class NoSuchRegime(NotThere):
    """No regime has this code."""


def use(folder: Path | None) -> None:
    """Read the trust's own regimes from `folder` too (None: from nowhere), which need not exist. Said at the start."""
    global _own_folder
    _own_folder = folder
    regimes.cache_clear()


@lru_cache(maxsize=1)
def regimes() -> dict[str, Regime]:
    """Return every regime by its code, those that come with infotrust first. Raises `LawFileWrong`."""
    found: dict[str, Regime] = {}
    for about in _files():
        one = read_regime(about, _beside(about))
        if one.code in found:
            raise LawFileWrong(
                f"The law file {about.name} has the code `{one.code}`, which another regime has already.",
                next_step="Give it a code of its own: a regime is never replaced in silence.",
            )
        if one.code != about.name.removesuffix(".yaml"):
            raise LawFileWrong(
                f"The law file {about.name} has the code `{one.code}`.", next_step="Name the file like its code."
            )
        found[one.code] = one
    return found


def regime(code: str) -> Regime:
    """Return the regime called `code`. Raises `NoSuchRegime`."""
    try:
        return regimes()[code]
    except KeyError:
        raise NoSuchRegime(
            f"The law register has no regime {code!r}.", next_step="See the register for those there are."
        ) from None


def titles() -> dict[str, str]:
    return {code: one.title for code, one in regimes().items()}


def short_titles() -> dict[str, str]:
    return {code: one.short for code, one in regimes().items()}


def policies() -> tuple[str, ...]:
    """Return the policies of every regime, in the register's order."""
    return tuple(one.policies for one in regimes().values())


def _files() -> list[Traversable]:
    shipped = resources.files("infotrust.core.law") / "regimes"
    found = sorted((one for one in shipped.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    own = sorted(_own_folder.glob("*.yaml")) if _own_folder and _own_folder.is_dir() else []
    return [*found, *own]


def _beside(about: Traversable) -> Traversable:
    name = about.name.removesuffix(".yaml") + ".cedar"
    if isinstance(about, Path):
        return about.with_name(name)
    return resources.files("infotrust.core.law") / "regimes" / name
