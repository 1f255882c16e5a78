"""The study pages: asked only where the work is research, or where rows or identifiers are asked for.

Fields after California's common application for research data: investigators, review board, funding, procedures,
consent, risks, identifiers.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from infotrust.stages.requests.asking.items import Item, Kind, Section, When
from infotrust.stages.requests.asking.sections import YES_NO

RESEARCH = When("kind", ("research",))
ROWS = When("level", ("deidentified", "limited", "identified"))
NAMED_ROWS = When("level", ("limited", "identified"))

FUNDING = (
    ("none", _("No outside money")),
    ("federal", _("Federal")),
    ("state", _("State or county")),
    ("foundation", _("Foundation")),
    ("industry", _("Industry")),
)
REVIEW = (
    ("approved", _("Approved")),
    ("exempt", _("Found exempt")),
    ("waiver", _("Approved, with a waiver of authorization or consent")),
    ("pending", _("Applied for")),
    ("none", _("Not applied for")),
)
CONSENT = (
    ("consent", _("Each person, or a parent, consents")),
    ("assent", _("A parent consents and the child assents")),
    ("waiver", _("A waiver of consent is asked for or given")),
)
RISKS = (
    ("minimal", _("No more than minimal")),
    ("minor", _("A little more than minimal")),
    ("greater", _("More than that")),
)
GROUPS = (
    ("children", _("Children")),
    ("pregnant", _("Pregnant people and newborns")),
    ("prisoners", _("People in jail or prison")),
    ("tribal", _("Members of a tribal nation")),
    ("impaired", _("People who cannot decide for themselves")),
    ("homeless", _("People without a home")),
)
# 45 CFR 164.514(b)(2)(i): the eighteen kinds of identifier that must go before health data counts as de-identified.
IDENTIFIERS = (
    ("names", _("Names")),
    ("geography", _("Places smaller than a state, ZIP code included")),
    ("dates", _("Dates other than the year; ages over 89")),
    ("telephone", _("Telephone numbers")),
    ("fax", _("Fax numbers")),
    ("email", _("E-mail addresses")),
    ("ssn", _("Social Security numbers")),
    ("record", _("Medical record numbers")),
    ("plan", _("Health plan numbers")),
    ("account", _("Account numbers")),
    ("certificate", _("Certificate and license numbers")),
    ("vehicle", _("Vehicle numbers and plates")),
    ("device", _("Device numbers")),
    ("url", _("Web addresses")),
    ("ip", _("IP addresses")),
    ("biometric", _("Fingerprints, voices and the like")),
    ("photo", _("Photographs of faces")),
    ("other", _("Any other number or code of one person alone")),
)

STUDY = Section(
    "study",
    _("The study"),
    _("For research: who answers for it, who pays, and what happens to people."),
    (
        _("The review board’s decision covers exactly this study and these data, and its number is given."),
        _("Money is named whole: who pays, how much, and what they may say about publication."),
    ),
    (
        Item(
            "investigator", _("Principal investigator"), Kind.LINE,
            help=_("Name, degree, title, e-mail address, telephone."), longest=400, remembered=True,
        ),
        Item("co_investigators", _("Co-investigators"), required=False, longest=2_000, remembered=True),
        Item("institution", _("Institution"), Kind.LINE, longest=200, remembered=True),
        Item(
            "official", _("Who signs for the institution"), Kind.LINE, help=_("Name, title, e-mail address."),
            longest=400, remembered=True,
        ),
        Item("board", _("Institutional review board (IRB)"), Kind.LINE, longest=200, remembered=True),
        Item("board_status", _("Its decision"), Kind.CHOICE, choices=REVIEW),
        Item(
            "board_number", _("Number and date of its decision"), Kind.LINE, longest=200,
            when=When("board_status", ("approved", "exempt", "waiver")),
        ),
        Item("reliance", _("Does another board rely on it, or it on another?"), required=False, longest=1_000),
        Item("funding", _("Who pays"), Kind.CHOICES, choices=FUNDING),
        Item(
            "funder", _("Funder, amount, and its say over publication"), longest=2_000,
            when=When("funding", ("federal", "state", "foundation", "industry")),
        ),
        Item("background", _("Question and background in lay terms")),
        Item("procedures", _("What happens in the study")),
        Item("contact", _("Will you get in touch with people in the data?"), Kind.CHOICE, choices=YES_NO),
        Item("contact_how", _("Whom, how, and with whose leave"), when=When("contact", ("yes",))),
        Item("medical", _("Is anything medical done to people?"), Kind.CHOICE, choices=YES_NO),
        Item("groups", _("Groups that need special protection"), Kind.CHOICES, choices=GROUPS, required=False),
        Item("groups_how", _("How you protect them"), when=When("groups", tuple(code for code, _title in GROUPS))),
    ),
    when=RESEARCH,
)  # fmt: skip

RISK = Section(
    "risk",
    _("Consent, benefit and risk"),
    _("For research: what people were asked, and what it may bring or cost them."),
    (
        _("A waiver is explained point by point: minimal risk, no harm to rights, impracticable otherwise."),
        _("Risk to a group counts, too: a street, a school, a nation."),
    ),
    (
        Item("consent", _("Consent"), Kind.CHOICE, choices=CONSENT),
        Item("consent_how", _("How it is asked for, in which languages"), when=When("consent", ("consent", "assent"))),
        Item("waiver_reason", _("Why a waiver is right here"), when=When("consent", ("waiver",))),
        Item("benefits", _("Benefits to people and to knowledge")),
        Item("risks", _("Risks, and how each is made smaller")),
        Item("risk_level", _("Level of risk"), Kind.CHOICE, choices=RISKS),
    ),
    when=RESEARCH,
)

IDENTIFYING = Section(
    "identifying",
    _("Rows and identifiers"),
    _("Because you asked for more than tables."),
    (
        _("Each kind of identifier is needed for a step that is described, and goes when that step is done."),
        _("The key between names and rows is kept apart from the rows, by someone else."),
    ),
    (
        Item("rows_reason", _("Why tables are not enough")),
        Item("identifiers", _("Identifiers you use"), Kind.CHOICES, choices=IDENTIFIERS, required=False),
        Item("identifiers_reason", _("Why, one by one"), when=NAMED_ROWS),
        Item("kept_apart", _("How identifiers are kept apart, and by whom"), when=NAMED_ROWS),
        Item("identifiers_destroyed_on", _("Day the identifiers are destroyed"), Kind.DAY, when=NAMED_ROWS),
        Item("removed", _("What is removed or made coarser, and what is kept")),
    ),
    when=ROWS,
)

STUDY_SECTIONS = (IDENTIFYING, STUDY, RISK)
