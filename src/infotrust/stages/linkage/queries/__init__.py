"""What is known about linkage: runs and their figures, what people are asked, and the register for other stages."""

from infotrust.stages.linkage.queries.accuracy import Measured, NotMeasured, accuracy_of, may_publish
from infotrust.stages.linkage.queries.explaining import (
    NoSuchPerson,
    PairExplained,
    PersonPage,
    explain_pair,
    explain_person,
    may_explain,
    weakest_persons,
)
from infotrust.stages.linkage.queries.reviewing import Desk, OwnAnswer, desk, may_review, own_answers, was_reviewed
from infotrust.stages.linkage.queries.runs import (
    NoSuchRun,
    Plan,
    Planned,
    current_run,
    may_follow,
    may_run,
    plan,
    register_generation,
    register_paths_and_keys,
    resolve,
    run,
    runs,
)

__all__ = [
    "Desk",
    "Measured",
    "NoSuchPerson",
    "NoSuchRun",
    "NotMeasured",
    "OwnAnswer",
    "PairExplained",
    "PersonPage",
    "Plan",
    "Planned",
    "accuracy_of",
    "current_run",
    "desk",
    "explain_pair",
    "explain_person",
    "may_explain",
    "may_follow",
    "may_publish",
    "may_review",
    "may_run",
    "own_answers",
    "plan",
    "register_generation",
    "register_paths_and_keys",
    "resolve",
    "run",
    "runs",
    "was_reviewed",
    "weakest_persons",
]
