"""The plain-words twin of each clause that is made from terms: one or two sentences that anyone understands.

A twin explains; what binds is the clause. Both stand in the signed document, and both are made from the same rows.
"""

from __future__ import annotations

from infotrust.core.policy.names import listing
from infotrust.core.policy.terms import PURPOSES, AgreementTerms, Level

LEVEL_TWINS: dict[str, str] = {
    Level.IDENTIFIED: "People who use the data may see who it is about, where a field is agreed for that.",
    Level.LIMITED: "People who use the data see dates and places, but no names, numbers or addresses.",
    Level.DEIDENTIFIED: "People who use the data do not see who it is about.",
    Level.AGGREGATE: "Nobody who uses the data sees a single person in it, only numbers about groups.",
}


def twin(key: str, terms: AgreementTerms) -> str:
    """Return the plain words of the clause called `key`."""
    made = {
        "parties": "These agencies agree with each other. What is not written here is not allowed.",
        "purposes": f"The data serves {listing([PURPOSES[code].title for code in terms.purposes])}. Nothing else.",
        "term": "Before the first day and after the last day, nothing is shared.",
        "datasets": "Only these collections of data are part of it.",
        "fields": "Each piece of information is listed, with what may be done with it. The rest stays at home.",
        "recipients": f"Only people who work for {listing([name for _code, name in terms.recipients])} use the data.",
        "level": LEVEL_TWINS[terms.level],
        "contributions": "Each agency sends its own data. If it sends too much, the extra is thrown away at the door.",
        "linking": (
            "A few trusted people find out which records belong to the same person. They see names, and nothing else."
            if "linkage" in terms.purposes
            else "Nobody puts records of different agencies together."
        ),
        "publication": f"Groups of fewer than {terms.publication_threshold} people are never shown.",
        "retention": "When it is over, the data is destroyed so that nobody can read it again.",
        "never": "It is never sold, and never used by the police, immigration officers or fraud investigators.",
        "law": "If one law protects a piece of information more strictly, everything here is protected that way.",
        "ending": "Any partner can end it, and then all access stops at once.",
    }
    return made[key]
