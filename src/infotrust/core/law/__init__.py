"""The law register: each legal regime as data, in a file that a lawyer can read, beside the policies that keep it.

`regimes/ferpa.yaml` says what the law is, to what data it applies, who may receive what for which purpose, what it asks
of consent, records and breach, and how sure we are of each statement; `regimes/ferpa.cedar` is the same as rules. A
trust adds a regime, such as a law of its state, by putting two such files into its own folder (`use`): no code.
"""

from infotrust.core.law.reading import LawFileWrong, read_regime
from infotrust.core.law.regime import GENERAL, SOURCE, Breach, CounselNote, Regime, Statement, WantedClause
from infotrust.core.law.register import policies, regime, regimes, short_titles, titles, use

__all__ = [
    "GENERAL",
    "SOURCE",
    "Breach",
    "CounselNote",
    "LawFileWrong",
    "Regime",
    "Statement",
    "WantedClause",
    "policies",
    "read_regime",
    "regime",
    "regimes",
    "short_titles",
    "titles",
    "use",
]
