"""recordlinkage as its documentation links FEBRL: block, compare, and classify.

Blocks and comparisons are those of its documentation ("Link two datasets", "Data deduplication"): given name, family
name and birth date as blocks; Jaro-Winkler on names and address at .85, equality on the rest. Classified by its ECM
classifier, which needs no labels; the other cuts are the number of comparisons that agree. Links become persons as
connected components, as its documentation has no other way.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from report import Watch, other_cuts, records

watch = Watch()
with watch.phase("import"):
    import pandas as pd
    import recordlinkage
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

BLOCKS = ("given", "family", "birth_date")
EQUAL = ("birth_date", "ssn", "house", "zip", "city", "state", "phone", "sex")
ALIKE = ("given", "family", "street")
SAME_AT = 0.85


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    with watch.phase("read"):
        table = records(arguments.folder).to_pandas().set_index("record")
    with watch.phase("block"):
        index = recordlinkage.Index()
        for key in BLOCKS:
            index.block(key)
        pairs = index.index(table)
    with watch.phase("compare"):
        compare = recordlinkage.Compare()
        for column in ALIKE:
            if column in table:
                compare.string(column, column, method="jarowinkler", threshold=SAME_AT, label=column)
        for column in EQUAL:
            if column in table:
                compare.exact(column, column, label=column)
        agree = compare.compute(pairs, table)
    with watch.phase("classify"):
        links = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(agree)
    with watch.phase("cluster"):
        found = components(links, len(table))
    watch.stop(
        arguments.out, found, settings="its documented blocks and comparisons, ECM classifier",
        packages=("recordlinkage", "pandas", "numpy", "scikit-learn"),
    )  # fmt: skip
    agreeing = agree.sum(axis=1)
    cuts = range(3, len(agree.columns) + 1)
    other_cuts(arguments.out, {f"{cut} agree": components(agree.index[agreeing >= cut], len(table)) for cut in cuts})


def components(links: pd.MultiIndex, count: int) -> np.ndarray:
    one, other = (links.get_level_values(side).to_numpy() for side in (0, 1))
    graph = coo_matrix((np.ones(len(one), np.int8), (one, other)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


if __name__ == "__main__":
    main()
