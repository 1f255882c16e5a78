"""Partnerships as rows: who talks with whom and where each stands, and the papers they write together."""

from infotrust.stages.readiness.models.goals import Assessment, EarlierAssessment, Goal, GoalQuestion, Need, Remedy
from infotrust.stages.readiness.models.papers import Feedback, Paper, PaperVersion, SignOff
from infotrust.stages.readiness.models.partnerships import (
    ActivityRow,
    Answer,
    Barrier,
    Guide,
    Member,
    Partner,
    Partnership,
    Sheet,
    Task,
)

__all__ = [
    "ActivityRow",
    "Answer",
    "Assessment",
    "Barrier",
    "EarlierAssessment",
    "Feedback",
    "Goal",
    "GoalQuestion",
    "Guide",
    "Member",
    "Need",
    "Paper",
    "PaperVersion",
    "Partner",
    "Partnership",
    "Remedy",
    "Sheet",
    "SignOff",
    "Task",
]
