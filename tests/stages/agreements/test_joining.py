"""A newcomer joins an agreement in force: from its memo to the last signature, and every way it can come to nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.core.documents import read_word
from infotrust.core.policy.terms import digest
from infotrust.shared.accounts.models import Role
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions import services as permissions
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.agreements import joinable, joining_pages, queries, services
from infotrust.stages.agreements.commands import JOINING_COMMANDS
from infotrust.stages.agreements.lifecycle import JoiningState, State
from infotrust.stages.agreements.models import Joining
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance import services as boards
from infotrust.stages.inventory import services as inventory
from tests.boards import answer_all
from tests.stages.agreements.conftest import _fields
from tests.tables import exhaust

WORDS = {part.name: f"About {part.name}." for part in joinable.PARTS}
OFFERED = {"client_id": {"contribute"}, "visits": {"contribute", "aggregate"}}
FORM = {**WORDS, "receives": "on"}


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


@pytest.fixture
def clinic(town):
    """The health agency has a dataset that it could offer."""
    people = town.health
    source = inventory.register_source(agency=people.agency, code="ehr", name="Records", by=people.steward)
    inventory.register_dataset(
        agency=people.agency, source=source, code="clinic-visits", title="Clinic visits", description="Made for tests",
        unit="child", period="2025", update_frequency="yearly", fields=_fields("client_id", "visits", "hipaa"),
        by=people.steward,
    )  # fmt: skip
    return people


@pytest.fixture
def memo(town, clinic, signed):
    """`memo()` is written, with fields offered, and not yet sent."""
    signed()

    def make(**more):
        made = services.begin_joining("DSA-1", words=WORDS, receives=True, **more, by=clinic.steward)
        return services.offer_dataset(made, dataset="clinic-visits", uses=OFFERED, by=clinic.steward)

    return make


@pytest.fixture
def board(town, make_user):
    """One board of the two parties' members; the schools' member presides, nobody is asked beforehand."""
    administrator = make_user("administrator", "trust-office")
    long_ago = timezone.now() - timedelta(days=300)
    made = boards.found_body(
        code="executive", name="Executive Board", about="Decides.", charter="It meets.", comment_days=0, vote_days=2,
        quorum_percent=50, by=administrator, at=long_ago,
    )  # fmt: skip
    first = timezone.localdate(long_ago)
    for people, office in ((town.schools, "chair"), (town.homeless, "member")):
        title = people.agency.name
        seat = boards.add_seat(
            made, title=title, kind="agency", agency=people.agency, office=office, by=administrator, at=long_ago
        )
        boards.seat_someone(
            seat, holder=people.board_member, starts_on=first, ends_on=first + timedelta(days=900), by=administrator,
            at=long_ago,
        )  # fmt: skip
    return made


def decide(town, subject, *choices, at=None):
    """Where both vote, the chair closes at once; else the vote closes by itself, three days later."""
    at, chair = at or timezone.now(), town.schools.board_member
    motion = governance.of_subject(subject)[0]
    boards.take_up(motion, by=chair, at=at)
    answer_all(subject, by=chair, at=at)
    motion = boards.open_vote(governance.motion(motion.pk), by=chair, at=at)
    for people, choice in zip((town.schools, town.homeless), choices, strict=False):
        boards.cast_vote(motion, choice=choice, reasons="We looked at it.", by=people.board_member, at=at)
    found = governance.motion(motion.pk)
    if choices:
        boards.close_vote(found, by=chair, at=at)
    else:
        boards.close_vote(found, at=at + timedelta(days=3))


def review_and_sign(town, edition):
    everyone = (town.schools, town.homeless, town.health)
    for people in everyone:
        services.review(edition, approve=True, by=people.counsel)
    for people in everyone:
        services.sign(edition, by=people.board_member)


def test_a_newcomer_joins_by_memo_boards_review_and_signatures(town, memo, board, clinic):
    made = memo(executive_board="executive", governing_board="executive")
    asked = [one.wait.step for one in clocks.waiting_for(clinic.board_member)]
    assert asked == ["send memo"]
    services.send_joining(made, by=clinic.board_member)
    assert made.state == JoiningState.BOARD
    decide(town, f"joining:{made.pk}", "yes", "yes")
    made.refresh_from_db()
    assert made.state == JoiningState.WELCOME
    assert "take up memo" in [one.wait.step for one in clocks.waiting_for(town.homeless.steward)]
    services.take_up_joining(made, by=town.schools.steward)
    edition = made.edition
    assert (edition.code, edition.state) == ("DSA-1-v2", State.IN_REVIEW)
    assert "clinic-visits" not in permissions.current_version().policies
    services.say(edition, content=True, by=town.homeless.privacy)
    decide(town, "agreement:DSA-1-v2", "yes", "yes")
    steps = {step.title: step.stands for step in joining_pages.joining_page(made.pk, by=clinic.steward).steps}
    assert steps["The Executive Board votes"] == "done"
    review_and_sign(town, edition)
    made.refresh_from_db()
    now = queries.agreement("DSA-1")
    assert (made.state, now.pk, now.state) == (JoiningState.JOINED, edition.pk, State.IN_FORCE)
    assert clinic.agency in [party.agency for party in now.parties.all()]
    assert "clinic-visits" in permissions.current_version().policies
    assert queries.covering("clinic-visits") == ["DSA-1"]
    after = joining_pages.joining_page(made.pk, by=clinic.steward)
    assert {step.stands for step in after.steps} == {"done"}
    assert "still to sign" not in after.steps[-1].said


def test_what_joining_changes_is_worked_out_before_anyone_signs(memo, clinic):
    found = joining_pages.joining_page(memo().pk, by=clinic.steward)
    gained = {(row.dataset, row.fields) for row in found.effects.gained}
    assert any("clinic-visits" in dataset for dataset, _fields in gained)
    assert any("visits" in fields for _dataset, fields in gained)
    assert any(one.regime.code == "hipaa" for one in found.foreseen.governing)
    assert permissions.current_version().number == found.effects.version


def test_no_board_named_a_party_takes_it_up_at_once(town, memo, clinic):
    made = services.send_joining(memo(), by=clinic.board_member)
    assert made.state == JoiningState.WELCOME
    services.take_up_joining(made, by=town.homeless.counsel)
    review_and_sign(town, made.edition)
    assert queries.joining(made.pk).state == JoiningState.JOINED


def test_what_the_executive_board_rejects_is_declined_and_without_quorum_it_can_be_sent_anew(town, memo, board, clinic):
    made = services.send_joining(memo(executive_board="executive"), by=clinic.board_member)
    decide(town, f"joining:{made.pk}")
    assert queries.joining(made.pk).state == JoiningState.DRAFT
    later = timezone.now() + timedelta(days=4)
    services.send_joining(made, by=clinic.board_member, at=later)
    decide(town, f"joining:{made.pk}", "no", "no", at=later)
    found = queries.joining(made.pk)
    assert (found.state, found.close_reason) == (JoiningState.DECLINED, "The executive board rejected it.")


def test_what_the_governing_board_rejects_leaves_room_for_another_amendment(town, memo, board, clinic):
    made = services.send_joining(memo(governing_board="executive"), by=clinic.board_member)
    services.take_up_joining(made, by=town.schools.steward)
    decide(town, "agreement:DSA-1-v2", "no", "no")
    assert queries.joining(made.pk).state == JoiningState.DECLINED
    assert queries.agreement("DSA-1-v2").state == State.DISCARDED
    assert queries.agreement("DSA-1").state == State.IN_FORCE
    another = services.amend(queries.agreement("DSA-1"), reason="More.", by=town.schools.steward)
    assert another.code == "DSA-1-v3"


def test_a_draft_edition_that_its_drafters_discard_sends_the_memo_back_to_be_taken_up(town, memo, clinic):
    made = services.send_joining(memo(), by=clinic.board_member)
    services.take_up_joining(made, by=town.schools.steward)
    edition = made.edition
    services.reopen(edition, reason="Not like this.", by=town.schools.counsel)
    with pytest.raises(services.AgreementRefused, match="without a reason"):
        services.discard(edition, reason=" ", by=town.schools.steward)
    services.discard(edition, reason="Not like this.", by=town.schools.steward)
    found = queries.joining(made.pk)
    assert (found.state, found.edition) == (JoiningState.WELCOME, None)
    services.take_up_joining(found, by=town.schools.steward)
    assert found.edition.code == "DSA-1-v3"


def test_a_memo_ends_with_the_agreement_it_is_about(town, memo, clinic):
    made = services.send_joining(memo(), by=clinic.board_member)
    services.end(queries.agreement("DSA-1"), reason="Over.", by=town.schools.board_member)
    assert queries.joining(made.pk).close_reason == "The agreement ended."
    assert clocks.waiting_for(town.homeless.steward) == []


@pytest.mark.parametrize(
    ("who", "joins", "says"),
    [("schools", "DSA-1", "a party to DSA-1 already"), ("health", "DSA-1", "asked to join DSA-1 already")],
)
def test_who_is_a_party_or_has_asked_does_not_ask_again(town, memo, who, joins, says):
    memo()
    with pytest.raises(services.AgreementRefused, match=says):
        services.begin_joining(joins, words=WORDS, by=getattr(town, who).steward)


def test_nobody_joins_what_is_not_in_force(town, draft):
    draft()
    with pytest.raises(services.AgreementRefused, match="not in force"):
        services.begin_joining("DSA-1", words=WORDS, by=town.health.steward)


def test_an_incomplete_memo_says_what_it_lacks_and_another_agencys_data_is_not_offered(town, memo, clinic):
    made = memo()
    services.write_joining(made, words={"why": "To help."}, by=clinic.counsel)
    with pytest.raises(services.AgreementRefused, match="not complete") as refused:
        services.send_joining(made, by=clinic.board_member)
    assert "“Security” is empty." in refused.value.next_step
    with pytest.raises(services.AgreementRefused, match="belongs to another agency"):
        services.offer_dataset(made, dataset="homeless-clients", uses={"shelter": {"aggregate"}}, by=clinic.steward)
    with pytest.raises(services.AgreementRefused, match="does not say why"):
        services.write_joining(made, words={}, by=clinic.counsel)
    with pytest.raises(services.AgreementRefused, match="longer than"):
        services.write_joining(made, words={**WORDS, "security": "x" * 9_000}, by=clinic.counsel)


def test_what_was_read_is_what_is_sent(memo, clinic):
    made = memo()
    seen = digest(made.said())
    services.write_joining(made, words={**WORDS, "why": "Another reason."}, receives=True, by=clinic.program)
    with pytest.raises(services.AgreementRefused, match="changed after you opened"):
        services.send_joining(made, seen=seen, by=clinic.board_member)


def test_nobodys_words_are_lost_when_someone_saves_first(memo, clinic, client):
    made = memo()
    seen = made.version
    services.write_joining(made, words={**WORDS, "privacy": "Theirs."}, receives=True, by=clinic.counsel)
    with pytest.raises(SavedMeanwhile):
        services.write_joining(made, words={**WORDS, "privacy": "Mine."}, seen=seen, by=clinic.steward)
    client.force_login(clinic.steward)
    answer = client.post(page("write-joining", made.pk), {**FORM, "privacy": "Mine.", "seen": seen}).content.decode()
    assert "Someone else saved first" in answer
    assert "Mine." in answer
    assert "Theirs" in answer
    assert queries.joining(made.pk).privacy == "Theirs."


def test_the_memo_goes_out_as_word_and_pdf(memo, clinic, client):
    made = memo()
    client.force_login(clinic.steward)
    words = client.get(page("joining-paper", made.pk, "docx")).content
    assert words.startswith(b"PK")
    assert client.get(page("joining-paper", made.pk, "pdf")).content.startswith(b"%PDF-")
    assert read_word(words) is not None


def test_the_pages_lead_from_the_agreement_to_the_last_signature(town, clinic, signed, client):
    signed()
    client.force_login(clinic.steward)
    assert "Ask to join it" in client.get(page("agreement", "DSA-1")).content.decode()
    assert "Ask to join DSA-1" in client.get(page("joinings")).content.decode()
    assert client.post(page("join", "DSA-1"), FORM).status_code == 302
    made = Joining.objects.get()
    offered = {"uses-client_id": ["contribute"], "uses-visits": ["contribute", "aggregate", "nonsense"]}
    assert client.post(page("offer", made.pk, "clinic-visits"), offered).status_code == 302
    shown = client.get(page("joining", made.pk)).content.decode()
    assert "What joining changes" in shown
    assert "Contribute, Count" in shown
    client.force_login(clinic.board_member)
    signature = {"password": "correct-horse-42", "read": "on", "full_name": clinic.board_member.name}
    seen = client.get(page("send-joining", made.pk)).context["page"].digest
    assert client.post(page("send-joining", made.pk), {**signature, "seen": seen}).status_code == 302
    client.force_login(town.schools.steward)
    assert client.post(page("take-up", made.pk)).headers["Location"] == page("agreement", "DSA-1-v2")
    assert "Memo of Marigold Health" in client.get(page("agreement", "DSA-1-v2")).content.decode()
    review_and_sign(town, queries.agreement("DSA-1-v2"))
    assert "It took 1 day from sending" in client.get(page("joining", made.pk)).content.decode()


def put(memo, state, edition, town):
    """Put the memo into a state as the database allows it, without going the way there."""
    later = state in {JoiningState.PARTIES, JoiningState.JOINED}
    Joining.objects.filter(pk=memo.pk).update(
        state=state,
        sent_by=town.health.board_member,
        sent_at=timezone.now(),
        text_digest="0" * 64,
        edition=edition if later else None,
        taken_up_by=town.schools.steward if later else None,
        taken_up_at=timezone.now() if later else None,
        closed_at=timezone.now() if state in {"joined", "declined", "taken_back"} else None,
    )
    return queries.joining(memo.pk)


def test_nothing_succeeds_outside_the_table(town, memo, make_user, client, draft):
    made, edition = memo(), draft(code="DSA-7")
    verbs = {
        "write": lambda it, by: services.write_joining(it, words=WORDS, receives=True, by=by),
        "send": lambda it, by: services.send_joining(it, by=by),
        "take up": lambda it, by: services.take_up_joining(it, by=by),
        "decline": lambda it, by: services.decline_joining(it, reason="No.", by=by),
        "take back": lambda it, by: services.take_back_joining(it, reason="No.", by=by),
    }
    pages = {
        "write": ("write-joining", [], FORM),
        "send": ("send-joining", [], {"password": "correct-horse-42", "read": "on", "seen": digest(made.said())}),
        "take up": ("take-up", [], {}),
        "decline": ("close-joining", ["decline"], {"reason": "No."}),
        "take back": ("close-joining", ["take-back"], {"reason": "No."}),
    }
    assert set(verbs) == set(pages) == set(JOINING_COMMANDS)
    people = {}

    def actor(role):
        """One person of the newcomer and one of a party, as the command asks."""
        return people.setdefault(role, {name: make_user(role, name) for name in ("health", "schools")})

    def of(name, person):
        return person["schools" if name in {"take up", "decline"} else "health"]

    def post(name, it, person):
        by = of(name, person)
        client.force_login(by)
        address, more, data = pages[name]
        client.post(page(address, it.pk, *more), {**data, "full_name": by.name})

    allowed = exhaust(
        JOINING_COMMANDS,
        JoiningState.values,
        make=lambda state: put(made, state, edition, town),
        actor=actor,
        give=lambda name, it, person: verbs[name](it, of(name, person)),
        post=post,
        roles=[role.value for role in Role if role in {"steward", "counsel", "board_member", "program", "requester"}],
    )
    assert allowed == 12
