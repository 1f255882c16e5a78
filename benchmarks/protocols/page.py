"""Print results/matching.json as docs/explanation/how-matching-compares.md, and its figures into the README.

Every figure there comes from the results. In the README they stand between `<!-- figures of ... -->` and
`<!-- end of figures -->`: of one data set a table of its tools, of several one of B-cubed F1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "how-matching-compares.md"
README = ROOT / "README.md"
TITLES = {
    "infotrust": "infotrust, no settings",
    "infotrust-fast": "infotrust, `--effort fast`",
    "splink": "Splink, tutorial",
    "splink-tuned": "Splink, tuned on generated data",
    "recordlinkage": "recordlinkage, ECM",
    "goldenmatch": "GoldenMatch, zero-config",
    "goldenmatch-probabilistic": "GoldenMatch, probabilistic",
}
ORDER = ("febrl3", "febrl4", "pseudopeople", "marigold")
HEAD = """\
<!-- Written by benchmarks/protocols/page.py from benchmarks/results/matching.json; run ./run bench matching -->

# How matching compares

The same data, linked by infotrust and by the tools that people use today, on one machine. `./run bench matching` runs
it anew; this page is printed from what it wrote.

**How to read it.** Pairwise F1 asks of the pairs of records called one person how many are, and of those that are how
many were found. B-cubed F1 asks it of each record and averages, so that a large person weighs no more than a small one.
Seconds are from the start of the process to the last byte written; CPU seconds add up all cores and children; memory is
the peak of all its processes (proportional set size).

**What each tool is given.** infotrust gets the agencies' files as they are, under whatever headings, and no settings.
The others get the same values already standardized by infotrust (which is not counted in their time), in one table. How
each is set up, with the reasons, stands at the top of its script in `benchmarks/peers`:

- *Splink, tutorial*: the comparisons its documentation recommends for each kind of column, its training, p >= .95.
- *Splink, tuned on generated data*: the best we found for those data with the truth at hand, which nobody has in
  earnest; elsewhere it may do worse than the tutorial. *Best cut* is for any tool the cut that the truth shows to be
  the best of those tried.
- *recordlinkage*: the blocks and comparisons of its documentation, and its ECM classifier, which needs no labels.
- *GoldenMatch*: without settings, as its documentation begins; and with its own probabilistic configuration. Where it
  had no confidence in the settings it chose and refused, it was told to go on.

Not here: dedupe (3.0 installs, but needs pairs that a person labeled) and Zingg (its Python package needs a Spark
cluster with Zingg's jars, and labels).

**How hard the data are.** FEBRL is easy. pseudopeople's mistakes are realistic, its population a small sample. The
generated files have families that share surname, address and telephone, movers, changes of surname, twins, sons named
for their fathers, short forms, newborns without a name and namesakes as often as the published tables of names make
them; whoever compares house, ZIP code and telephone as separate evidence takes families for one person there. All of
these data are made up, and the limits of our model were set while looking at FEBRL, pseudopeople, Marigold and such
generated data: on your own, measure.
"""


FIGURES = re.compile(r"(<!-- figures of ([\w -]+): [^\n]*-->\n).*?(<!-- end of figures -->)", re.DOTALL)


def write(results: Path) -> None:
    """The page and the README's figures."""
    found = json.loads(results.read_text(encoding="utf-8"))
    PAGE.write_text(render(found), encoding="utf-8")
    README.write_text(with_figures(README.read_text(encoding="utf-8"), found), encoding="utf-8")


def with_figures(text: str, results: Mapping[str, Any]) -> str:
    """The text with its figures printed anew."""

    def figures(place: re.Match[str]) -> str:
        names = place[2].split()
        rows = _of_one(results["data"][names[0]]) if len(names) == 1 else _of_several(names, results["data"])
        return "\n".join([place[1].rstrip(), "", *rows, "", place[3]])

    return FIGURES.sub(figures, text)


def _of_one(found: Mapping[str, Any]) -> Iterator[str]:
    processor = next(iter(found["tools"].values()))["machine"]
    yield f"{found['records']:,} records of {found['persons']:,} people, {processor['cores']} cores:\n"
    yield "| | pairwise precision | recall | B-cubed F1 | the same at its best cut, chosen by the truth | CPU seconds |"
    yield "|---|---|---|---|---|---|"
    for tool, title in TITLES.items():
        run = found["tools"].get(tool, {})
        if "quality" in run:
            pair, cubed = run["quality"]["pairwise"], run["quality"]["b_cubed"]["f1"]
            shares = " | ".join(_short(share) for share in (pair["precision"], pair["recall"], cubed))
            best = _short(run["best_cut"]["quality"]["b_cubed"]["f1"]) if "best_cut" in run else ""
            yield f"| {title} | {shares} | {best} | {run['cpu_seconds']:.1f} |"


def _of_several(names: Sequence[str], data: Mapping[str, Any]) -> Iterator[str]:
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    for tool, title in TITLES.items():
        runs = [data[name]["tools"].get(tool, {}) for name in names]
        if all("quality" in run for run in runs):
            yield f"| {title} | {' | '.join(_short(run['quality']['b_cubed']['f1']) for run in runs)} |"


def render(results: Mapping[str, Any]) -> str:
    """The page's text."""
    parts = [HEAD]
    for name in sorted(results["data"], key=_place):
        parts.append("\n".join(_data(name, results["data"][name])))
    if results.get("seeds"):
        parts.append("\n".join(_seeds(results["seeds"])))
    parts.append("\n".join(_versions(results)))
    return "\n".join(parts) + "\n"


def _place(name: str) -> tuple[int, int]:
    if name in ORDER:
        return ORDER.index(name), 0
    size = name.removeprefix("generated-")
    return len(ORDER), int(size[:-1]) * {"k": 1, "m": 1000}[size[-1]]


def _data(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {name}\n"
    size = f"{found['records']:,} records of {found['persons']:,} persons, seed {found['seed']}"
    yield f"{_sentence(found['what'])} {size}.\n"
    yield "| | pairwise P | R | F1 | B-cubed P | R | F1 | at its best cut | seconds | CPU seconds | GB |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    known = [tool for tool in TITLES if tool in found["tools"]]
    for tool in known:
        yield _row(TITLES[tool], found["tools"][tool])
    yield ""
    phased = [tool for tool in known if found["tools"][tool].get("phases")]
    if phased and found["records"] >= 50_000:
        yield "Seconds by phase:\n"
        for tool in phased:
            phases = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in found["tools"][tool]["phases"].items())
            yield f"- {TITLES[tool]}: {phases}"
        yield ""
    for tool in known:
        if "refused" in found["tools"][tool].get("settings", ""):
            yield f"{TITLES[tool]}: {found['tools'][tool]['settings']}.\n"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _row(title: str, run: Mapping[str, Any]) -> str:
    if "ended" in run:
        cost = f"{run['seconds']:.0f} | {run['cpu_seconds']:.0f} | {run['gigabytes']:.1f}"
        return f"| {title} | {run['ended']} | | | | | | | {cost} |"
    pair, cubed = run["quality"]["pairwise"], run["quality"]["b_cubed"]
    figures = [_short(part[measure]) for part in (pair, cubed) for measure in ("precision", "recall", "f1")]
    best = _short(run["best_cut"]["quality"]["b_cubed"]["f1"]) if "best_cut" in run else ""
    cost = [f"{run['seconds']:.1f}", f"{run['cpu_seconds']:.1f}", f"{run['gigabytes']:.2f}"]
    return f"| {title} | {' | '.join([*figures, best, *cost])} |"


def _short(share: float) -> str:
    return f"{share:.4f}".removeprefix("0") if share < 0.99995 else "1.0"


def _seeds(seeds: Mapping[str, Any]) -> Iterator[str]:
    yield "## Is it right every time?\n"
    yield "infotrust alone, without settings, on several seeds of a set; B-cubed F1.\n"
    yield "| | seeds | median | worst | the worst is below the median by |"
    yield "|---|---|---|---|---|"
    for name in sorted(seeds, key=_place):
        one = seeds[name]
        figures = [_short(share) for share in (one["median"], one["worst"], one["median"] - one["worst"])]
        yield f"| {name} | {len(one['b_cubed_f1'])} | {' | '.join(figures)} |"
    yield ""


def _versions(results: Mapping[str, Any]) -> Iterator[str]:
    yield "## Machine and versions\n"
    machines, versions = {}, {}
    for found in results["data"].values():
        for tool, run in found["tools"].items():
            machine = run["machine"]
            told = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}"
            machines[told] = None
            if "versions" in run:
                packages = ", ".join(f"{package} {number}" for package, number in run["versions"].items())
                versions.setdefault(TITLES[tool], {})[packages] = None
    yield from (f"- {told}" for told in machines)
    yield from (f"- {title}: {'; '.join(told)}" for title, told in versions.items())
