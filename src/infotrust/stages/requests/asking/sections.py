"""The data request itself: the project, the data, the people, the method, the protections, the law, the public.

Fields after Connecticut's request form for linked data and its additions; the hints follow the idea of published
standards for each section, in our own words.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.terms import PURPOSES
from infotrust.shared.permissions.terms import PURPOSE_TITLES
from infotrust.stages.requests.asking.items import Item, Kind, Section, When

YES_NO = (("yes", _("Yes")), ("no", _("No")))

# What a request can be for: not what agreements forbid, nor what only linkage officers do.
PURPOSE_CHOICES = tuple(
    (code, PURPOSE_TITLES[code])
    for code, purpose in PURPOSES.items()
    if not purpose.never and code not in {"linkage", "service", "care_coordination"}
)
KINDS = (
    ("program", _("Running or improving a program, or watching over its services")),
    ("evaluation", _("Evaluating a program or a policy")),
    ("research", _("Research: findings meant to hold beyond this county")),
)
LEVELS = (
    ("aggregate", _("Tables about groups: nobody sees a row about a person")),
    ("deidentified", _("Rows without any direct identifier")),
    ("limited", _("Limited rows: dates, town, state and ZIP code remain")),
    ("identified", _("Rows with names or numbers of people")),
)
RECURRENCE = (
    ("once", _("Once")),
    ("yearly", _("Every year")),
    ("quarterly", _("Every quarter")),
    ("monthly", _("Every month")),
    ("other", _("At other times, as explained in the methods")),
)
PLACES = (
    ("trust", _("In the trust’s own closed room: nothing is copied out but checked tables")),
    ("own", _("In our own secure environment")),
)
OWN_PLACE = When("environment", ("own",))

PROJECT = Section(
    "project",
    _("Your project"),
    _("What you want to know and why. Residents read the title and the summary."),
    (
        _("The title is a question or a plan that a resident understands, without the names of systems."),
        _("The purpose names the decision that the answer will help to make, and who makes it."),
        _("The benefit says what the agencies that give the data get back, and what the people in it get."),
        _("An unwanted effect is named even if it is unlikely: stigma for a school, a wrong ranking, a new burden."),
    ),
    (
        Item("title", _("Title in plain words"), Kind.LINE, longest=200),
        Item(
            "summary",
            _("Summary for residents"),
            help=_("Three or four short sentences. No jargon. It stands in the public queue."),
            longest=1_500,
        ),
        Item("questions", _("The questions you want answered"), help=_("One to a line.")),
        Item("purpose", _("Purpose"), Kind.CHOICE, choices=PURPOSE_CHOICES),
        Item(
            "kind",
            _("What kind of work it is"),
            Kind.CHOICE,
            choices=KINDS,
            help=_("Research opens the study pages of this form."),
        ),
        Item(
            "priorities",
            _("Which priority or learning agenda it serves"),
            help=_("The agencies’ own goals, and how this work moves one of them."),
        ),
        Item("benefit", _("Who benefits, and how")),
        Item("unwanted", _("What could go wrong for people, and what you do against it")),
        Item("decision", _("Which decision the results should inform, and by when"), longest=2_000),
    ),
)

DATA = Section(
    "data",
    _("The data you need"),
    _("Choose the fields one by one. Agencies and laws are worked out from them: you are not asked again."),
    (
        _("Each field is needed for a question you listed; a field that would be “nice to have” is left out."),
        _("The period is as short as the question allows, and the group as small."),
        _("Tables are asked for where tables are enough. Rows are explained by a method that needs rows."),
    ),
    (
        Item("fields", _("Fields"), Kind.FIELDS),
        Item(
            "field_reasons",
            _("Why you need them"),
            help=_("One dataset to a line: what each group of fields is for."),
        ),
        Item("level", _("What you need to work with"), Kind.CHOICE, choices=LEVELS),
        Item("population", _("About whom"), help=_("For instance: children born in the county since 2018.")),
        Item("period_from", _("Period: first day"), Kind.DAY),
        Item("period_to", _("Period: last day"), Kind.DAY),
        Item("recurrence", _("How often"), Kind.CHOICE, choices=RECURRENCE),
        Item(
            "linkage",
            _("Do records of different agencies have to be linked?"),
            Kind.CHOICE,
            choices=YES_NO,
            help=_("The trust links them; names stay with its linkage officers."),
        ),
        Item(
            "linkage_outside",
            _("Do you also link to records that are not in the trust? To which, by which fields, with what software?"),
            when=When("linkage", ("yes",)),
            required=False,
        ),
    ),
)

PEOPLE = Section(
    "people",
    _("The people"),
    _("Everyone who will touch the data. A license names them one by one."),
    (
        _("Everyone is listed who will write a query, see a table before it is checked, or run the computer."),
        _("Someone on the team has done this kind of analysis before, and it is said where."),
        _("An interest is stated even where it changes nothing: a contract, a board seat, a relative in a program."),
    ),
    (
        Item(
            "users",
            _("Who will use the data"),
            help=_("One person to a line: name, e-mail address, organization, task. You are on the list anyway."),
            required=False,
            remembered=True,
        ),
        Item("expertise", _("What the team has done before"), remembered=True),
        Item(
            "conflicts",
            _("Does anyone on the team have an interest in the result?"),
            Kind.CHOICE,
            choices=YES_NO,
        ),
        Item("conflicts_which", _("Which, and how you handle it"), when=When("conflicts", ("yes",))),
        Item(
            "third_parties",
            _("Will anyone outside the team see or handle the data?"),
            Kind.CHOICE,
            choices=YES_NO,
        ),
        Item("third_parties_who", _("Who, and why"), when=When("third_parties", ("yes",))),
    ),
)

METHOD = Section(
    "method",
    _("Method and results"),
    _("How you get from the data to an answer, and what you do with the answer."),
    (
        _("The method is described so that a colleague could repeat it, down to the comparison group."),
        _("Bias is named where it comes from: who is missing from these records, and who is recorded more often."),
        _("Linking errors are part of the plan: what happens to the result if one match in fifty is wrong."),
        _("The agencies see the results before anyone else does, and people in the data can read them, too."),
    ),
    (
        Item("methods", _("Methods")),
        Item("bias", _("How you handle bias and missing people")),
        Item("limits", _("What the data cannot tell you"), help=_("Quality, completeness, matching errors.")),
        Item("products", _("What you will publish or hand over, for whom, and when")),
        Item("publication", _("Limits on publication you expect"), required=False, longest=2_000),
    ),
)

SAFETY = Section(
    "safety",
    _("Keeping it safe"),
    _("Where the work is done, until when, and how it ends."),
    (
        _("The place is named: which room or which account, run by whom, under which security standard."),
        _("The end date is the day the work ends, not the day the grant ends."),
        _("Destruction is a method and a date, for every copy, backups included."),
    ),
    (
        Item("environment", _("Where you work with the data"), Kind.CHOICE, choices=PLACES),
        Item(
            "storage",
            _("Where exactly it is stored"),
            help=_("Each address or data center, and each copy."),
            when=OWN_PLACE,
            remembered=True,
        ),
        Item("cloud", _("Is any of it in a cloud service?"), Kind.CHOICE, choices=YES_NO, when=OWN_PLACE),
        Item("cloud_which", _("Which service, in which region, under which contract"), when=When("cloud", ("yes",))),
        Item(
            "safeguards",
            _("Safeguards"),
            help=_("Access control, encryption, monitoring, who is told of a breach and how fast."),
            when=OWN_PLACE,
            remembered=True,
        ),
        Item("ends_on", _("Last day of work with the data"), Kind.DAY),
        Item("retention", _("What you keep after that, and why"), required=False, longest=2_000),
        Item("destroy_on", _("Day by which everything else is destroyed or returned"), Kind.DAY),
        Item(
            "destruction",
            _("How it is destroyed"),
            help=_("In the trust’s closed room: its key is destroyed. Elsewhere: your method, for every copy."),
            longest=2_000,
            remembered=True,
        ),
    ),
)

LAW = Section(
    "law",
    _("Law"),
    _("What lets the agencies share this with you. The laws that cover your fields are listed for you."),
    (
        _("It says which part of the law carries this purpose, not only that the law allows research."),
        _("Where consent was given, it says what people were told."),
    ),
    (
        Item("legal_fit", _("How your purpose fits these laws")),
        Item("consent_basis", _("Does it rest on consent? On which form?"), required=False, longest=2_000),
    ),
)

PUBLIC = Section(
    "public",
    _("What residents see"),
    _("Your request stands in a public queue: its title, its summary, where it is and since when."),
    (_("People trust work whose author stands by it. It is your choice."),),
    (
        Item(
            "show_name",
            _("May the public queue show your name and organization?"),
            Kind.CHOICE,
            choices=YES_NO,
            remembered=True,
        ),
    ),
)

PROJECT_SECTIONS = (PROJECT, DATA, PEOPLE, METHOD, SAFETY, LAW)
