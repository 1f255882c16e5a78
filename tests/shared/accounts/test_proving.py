"""Proving anew who one is: a fresh sign-in elsewhere, or a code that is good once, for ten minutes and five tries."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest
from django.core import mail

from infotrust.shared.accounts import proving
from infotrust.shared.accounts.proving import ProvingForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone(make_user):
    """A request of someone who has no password here."""
    user = make_user("board_member", "schools")
    user.set_unusable_password()
    user.save()
    return SimpleNamespace(user=user, session={})


def sent() -> str:
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]


def form(request, **typed):
    return ProvingForm({"full_name": request.user.name, **typed}, request=request)


def test_without_a_password_and_without_a_proof_nothing_is_signed(someone):
    assert form(someone).to_prove
    assert "code" in form(someone).errors
    assert "not the code" in str(form(someone, code="123456").errors)


def test_a_fresh_sign_in_elsewhere_proves_it_for_five_minutes_and_for_nobody_else(someone, make_user):
    proving.signed_in_anew(someone, at=time.time() - 20)
    assert form(someone).is_valid()
    other = SimpleNamespace(user=make_user("counsel", "schools"), session=someone.session)
    assert not proving.is_fresh(other)
    for at in (time.time() - 400, time.time() + 400):
        proving.signed_in_anew(someone, at=at)
        assert not form(someone).is_valid()


def test_a_code_goes_to_the_own_address_is_good_once_and_is_not_kept(someone):
    proving.send_code(someone)
    assert mail.outbox[-1].to == [someone.user.email]
    assert sent() not in str(someone.session)
    assert form(someone, code=f" {sent()[:3]} {sent()[3:]}").is_valid()
    assert not form(someone, code=sent()).is_valid()


def test_five_wrong_codes_or_ten_minutes_end_a_code(someone):
    proving.send_code(someone)
    wrong = "000000" if sent() != "000000" else "000001"
    for _try in range(5):
        assert not proving.takes_code(someone, wrong)
    assert not proving.takes_code(someone, sent())
    proving.send_code(someone)
    who, digest, at, tries = someone.session[proving.CODE]
    someone.session[proving.CODE] = [who, digest, at - 601, tries]
    assert not proving.takes_code(someone, sent())


def test_whoever_has_a_password_gives_it_and_needs_no_code(make_user):
    request = SimpleNamespace(user=make_user("counsel", "schools"), session={})
    request.user.set_password("correct-horse-42")
    assert not form(request, password="correct-horse-42").to_prove
    assert form(request, password="correct-horse-42").is_valid()
    assert not form(request, password="guessed").is_valid()
    assert "not the name" in str(form(request, full_name="Someone Else", password="correct-horse-42").errors)
