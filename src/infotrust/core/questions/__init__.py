"""From a question to an output table: one locked SQL statement over permitted views, run behind closed doors.

`lock` reads a statement and refuses everything that is not plainly a count of people; `rehearse` tries it on
empty tables; `run` answers it on the real ones. Nothing here knows agreements or permissions: the caller says which
views and columns are permitted, and asks for permission for everything in `LockedQuery.reads`.
"""

from infotrust.core.questions.enclave import Answer, Limits, QueryFailed, View, rehearse, run
from infotrust.core.questions.language import PERSON, QueryRefused
from infotrust.core.questions.locking import LockedQuery, lock

__all__ = [
    "PERSON",
    "Answer",
    "Limits",
    "LockedQuery",
    "QueryFailed",
    "QueryRefused",
    "View",
    "lock",
    "rehearse",
    "run",
]
