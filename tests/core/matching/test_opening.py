"""What the package names is there, and is loaded only when it is asked for."""

import subprocess
import sys

from infotrust.core import matching


def test_every_name_is_there() -> None:
    assert all(getattr(matching, name) is not None for name in matching.__all__)


def test_naming_the_package_loads_no_compiled_loop() -> None:
    asked = (
        "import sys, infotrust.core.matching as m; print('numba' in sys.modules); m.link; print('numba' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]
