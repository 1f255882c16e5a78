"""Plain words for the codes of the catalogue. A code without a word is shown as it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PURPOSES = {
    "service": _("To serve people"),
    "care_coordination": _("To help one person or family together"),
    "improvement": _("To make programs better"),
    "program_evaluation": _("To see how well programs work"),
    "planning": _("To plan what help is needed, and where"),
    "linkage": _("To find out which records are about the same person"),
    "research": _("To learn something new"),
}

LEVELS = {
    "identified": _("Records with names, where a rule of the agreement allows it"),
    "limited": _("Records without names or addresses; dates and ZIP codes may stay"),
    "deidentified": _("Records with nothing that points to a person"),
    "aggregate": _("Counts only. No one may take a record about a person."),
}

USES = {
    "contribute": _("sent to the trust"),
    "link": _("used to match records"),
    "aggregate": _("counted in tables"),
    "extract": _("copied for a study"),
    "view": _("shown to helpers"),
}

AVAILABILITY = {
    "open": _("Open"),
    "restricted": _("Only under an agreement"),
    "unavailable": _("Not shared at all"),
}

TYPES = {
    "text": _("Words"),
    "integer": _("Whole number"),
    "decimal": _("Number"),
    "date": _("Date"),
    "code": _("One of a list"),
    "boolean": _("Yes or no"),
}

STATES = {
    "reviewed": _("Soon open for comment"),
    "comment": _("Open for comment"),
    "voting": _("The board is voting"),
    "adopted": _("The board said yes"),
    "rejected": _("The board said no"),
    "lapsed": _("Not decided"),
    "withdrawn": _("Taken back"),
    "superseded": _("Replaced by a later decision"),
}

CHOICES = {
    "yes": _("Yes"),
    "no": _("No"),
    "abstain": _("Neither yes nor no"),
    "recused": _("Took no part"),
    "absent": _("Did not vote"),
}

OFFICES = {"member": _("Member"), "chair": _("Chair"), "secretary": _("Secretary")}

SEAT_KINDS = {"agency": _("An agency"), "resident": _("Residents"), "expert": _("Knows the field")}

QUESTIONS = {
    "legal": _("Is this legal?"),
    "ethical": _("Is it right to do?"),
    "good_idea": _("Is this a good idea?"),
    "who_decides": _("How do we know, and who decides?"),
}

ANSWERS = {"yes": _("Yes"), "no": _("No"), "unsure": _("Not sure")}

# Where a request for data is (codes of stages/requests).
STAGES = {
    "submitted": _("Being checked"),
    "returned": _("Sent back with questions"),
    "in_review": _("The agencies read it"),
    "awaiting_decision": _("Waits for a decision"),
    "granted": _("Granted"),
    "licensed": _("Granted, with a license"),
    "refused": _("Not granted"),
    "withdrawn": _("Taken back"),
}
