"""The look of the plots, and how they become small, readable and equal from run to run.

County: filled, blue. Published: open circles and lines, vermilion. Shape says the same as color, and the two colors
differ for the color-blind too (Okabe and Ito 2008, Color Universal Design). Ink, paper and grid follow the
reader's setting for dark pages, together, so that the plot is readable on any page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path as MplPath

matplotlib.use("Agg")
from matplotlib import pyplot as plt

INK, SOFT, GRID, PAPER = "#1f2328", "#59636e", "#d8dee4", "#fefefe"
COUNTY, PUBLISHED, THIRD, FOURTH = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
DARK = {INK: "#e6edf3", SOFT: "#9aa4af", GRID: "#343b44", PAPER: "#161b22", COUNTY: "#3fa2e0", PUBLISHED: "#f08a3c"}
# From nothing to nearly all; the text within is light from the fourth on.
SHADES = ("#f1f5f8", "#d3e5f1", "#a6cbe3", "#6aa9d0", "#2f83b7", "#0b5f93", "#073f63")
ON_LIGHT, ON_DARK, LIGHT_SHADES = "#0b2536", "#ffffff", 4
LARGEST_BYTES = 60_000
# What Matplotlib names and nothing refers to.
UNUSED_IDS = r"axes|figure|legend|line2d|LineCollection|matplotlib\.axis|patch|text|[xy]tick"
OFTEN = 5  # times a style is written out before it becomes a class

SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "marigold",
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.titlecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "savefig.facecolor": PAPER,
}


@contextmanager
def drawing(
    path: Path, title: str, alt: str, *, size: tuple[float, float] = (7.2, 3.6), panels: int | tuple[int, int] = 1
) -> Iterator[Any]:
    """Yield the axes of a figure, then write it to `path` as an SVG that says in words what it shows."""
    with plt.rc_context(SETTINGS):
        rows, columns = panels if isinstance(panels, tuple) else (1, panels)
        figure, axes = plt.subplots(rows, columns, figsize=size)
        yield axes
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        if path.with_suffix(".png").exists():  # made by hand to look at, never kept
            figure.savefig(path.with_suffix(".png"), dpi=110)
        plt.close(figure)
    path.write_text(finished(out.getvalue(), title, alt), encoding="utf-8")


def finished(svg: str, title: str, alt: str) -> str:
    """The SVG with title and description for those who cannot see it, a second set of colors, and short numbers."""
    svg = svg[svg.index("<svg ") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d+\.\d)\d+", r"\1", tag[0]), svg)
    svg = re.sub(rf' id="(?:{UNUSED_IDS})_\d+"', "", svg)
    svg = svg.replace("font-family: 'DejaVu Sans'; ", "").replace("; font-family: 'DejaVu Sans'", "")
    svg = re.sub(r' transform="rotate\(-0 [^)]*\)"', "", svg)
    for _ in range(3):
        svg = re.sub(r"<g/>|<g>\s*</g>", "", svg)
        svg = re.sub(r"<g>\s*(<(?:text|use)[^>]*>[^<]*(?:</text>)?)\s*</g>", r"\1", svg)
    svg = svg.replace("; stroke-linecap: square", "").replace("stroke-linejoin: miter", "")
    svg, rules, dark_rules = _classes(svg)
    dark_rules += "".join(
        f'[style*="{kind}: {light}"]{{{kind}:{dark}!important}}'
        for light, dark in DARK.items()
        for kind in ("fill", "stroke")
    )
    head = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    head += f"<style>text{{font-family:'DejaVu Sans',Verdana,sans-serif}}{rules}"
    head += f"@media (prefers-color-scheme:dark){{{dark_rules}}}</style>"
    end = svg.index(">") + 1
    opening = svg[:end].replace("<svg ", '<svg role="img" ')
    lines = (line.strip() for line in (opening + head + svg[end:]).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _classes(svg: str) -> tuple[str, str, str]:
    """The SVG with a class in place of each style that comes often; the classes, and their colors on dark pages."""
    rules, dark_rules = "", ""
    often = [style for style, times in Counter(re.findall(r'style="([^"]*)"', svg)).items() if times > OFTEN and style]
    for place, style in enumerate(often):
        svg = svg.replace(f'style="{style}"', f'class="s{place}"')
        swapped = re.sub("|".join(DARK), lambda found: DARK[found[0]], style)
        rules += f".s{place}{{{style}}}"
        dark_rules += f".s{place}{{{swapped}}}" if swapped != style else ""
    return svg, rules, dark_rules


def shaded(axes: Any, grid: Any, edges: Any, shades: Any) -> None:
    """Color the cells of `grid` by the class of their value; one path for each class keeps the file small."""
    classes = np.searchsorted(edges, grid, side="right")
    for place, shade in enumerate(shades):
        vertices, codes = [], []
        for row, column in np.argwhere(classes == place).tolist():
            left, right, top, bottom = column + 0.03, column + 0.97, row + 0.03, row + 0.97
            vertices += [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            codes += [MplPath.MOVETO, MplPath.LINETO, MplPath.LINETO, MplPath.LINETO, MplPath.CLOSEPOLY]
        if vertices:
            axes.add_patch(PathPatch(MplPath(vertices, codes), color=shade, lw=0))
    axes.set_xlim(0, grid.shape[1])
    axes.set_ylim(grid.shape[0], 0)
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def published(axes: Any, x: Any, y: Any, label: str = "published", **more: Any) -> None:
    axes.plot(
        x,
        y,
        **{
            "marker": "o",
            "ms": 5,
            "mfc": PAPER,
            "mec": PUBLISHED,
            "mew": 1.4,
            "color": PUBLISHED,
            "lw": 1.1,
            "label": label,
            "zorder": 3,
        }
        | more,
    )


def county(axes: Any, x: Any, y: Any, label: str = "Marigold County", **more: Any) -> None:
    axes.plot(x, y, **{"marker": "s", "ms": 4.2, "color": COUNTY, "lw": 1.6, "label": label, "zorder": 4} | more)
