"""Agreements as rows: what is agreed, who reviewed it, who signed which text. The policies are compiled from these."""

from infotrust.stages.agreements.models.agreeing import (
    Agreement,
    AgreementDataset,
    AgreementField,
    AgreementPurpose,
    Party,
    Recipient,
)
from infotrust.stages.agreements.models.joining import Joining
from infotrust.stages.agreements.models.living import Breach, BreachNotice, Dispute, Suspension
from infotrust.stages.agreements.models.reviewing import (
    ClauseComment,
    Contact,
    KeptText,
    Paper,
    Proposal,
    Review,
    RoleReview,
    SignatureElsewhere,
)
from infotrust.stages.agreements.models.wording import AgreementClause, KindName, LibraryEntry

__all__ = [
    "Agreement",
    "AgreementClause",
    "AgreementDataset",
    "AgreementField",
    "AgreementPurpose",
    "Breach",
    "BreachNotice",
    "ClauseComment",
    "Contact",
    "Dispute",
    "Joining",
    "KeptText",
    "KindName",
    "LibraryEntry",
    "Paper",
    "Party",
    "Proposal",
    "Recipient",
    "Review",
    "RoleReview",
    "SignatureElsewhere",
    "Suspension",
]
