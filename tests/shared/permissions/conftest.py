"""A trust with one published agreement over one dataset, made without the agreements stage."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from infotrust.core.policy.book import assemble
from infotrust.core.policy.clauses import compile_agreement
from infotrust.core.policy.terms import AgreementTerms, DatasetTerm, FieldTerm
from infotrust.shared.permissions import services


@pytest.fixture
def publish(db, settings, make_agency, make_user):
    """`publish()` puts DSA-1 into force; `publish(None)` publishes a version without any agreement."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    publisher = make_user("board_member", "schools")

    def do(code: str | None = "DSA-1", **changes):
        fields = (
            FieldTerm("last_name", "family_name", frozenset({"contribute", "link"}), ("ferpa",)),
            FieldTerm("grade", "grade", frozenset({"contribute", "aggregate"}), ("ferpa",)),
            FieldTerm("lunch_debt", "money", law_classes=("ferpa",)),
        )
        today = timezone.localdate()
        usual = {
            "title": "A title",
            "why": "A reason.",
            "parties": (("schools", "Schools"),),
            "recipients": (("schools", "Schools"),),
            "purposes": ("program_evaluation", "linkage"),
            "level": "aggregate",
            "starts_on": today - timedelta(days=1),
            "ends_on": date(today.year + 1, 12, 31),
            "retention_days": 0,
            "publication_threshold": 11,
            "datasets": (DatasetTerm("enrollment", "Enrollment", "schools", fields),),
        }
        made = [] if code is None else [compile_agreement(AgreementTerms(code=code, **{**usual, **changes}))]
        policies, entities = assemble(made)
        return services.publish_policy(policies=policies, entities=entities, reason="A test.", by=publisher)

    return do
