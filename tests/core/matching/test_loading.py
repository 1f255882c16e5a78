"""What a server's pages need of matching comes without the compiled loops."""

from __future__ import annotations

import subprocess
import sys

import pytest

from infotrust.core import matching


def test_settling_answers_and_measuring_load_no_compiled_loop():
    program = (
        "import sys; from infotrust.core.matching import answers;"
        "from infotrust.core.matching.reviewing import accuracy, agreement;"
        "sys.exit(any(name in sys.modules for name in ('numba', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("name", matching.__all__)
def test_every_name_of_the_package_is_there(name):
    assert getattr(matching, name).__name__ == name


def test_a_name_that_is_not_there_is_said_so():
    with pytest.raises(AttributeError, match="nothing_of_it"):
        matching.nothing_of_it  # noqa: B018
