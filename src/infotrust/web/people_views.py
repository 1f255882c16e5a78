"""Pages where administrators see who has an account, add people and agencies, and give and take roles."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts import queries, services
from infotrust.shared.accounts.models import User
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done
from infotrust.web.forms import AgencyForm, PeopleFilter, PersonForm, RolesForm, TrainingForm

DUTY = "manage accounts"


@login_required
def people(request: SignedIn) -> HttpResponse:
    duties.require(DUTY, by=request.user)
    form = PeopleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.people(agency=wanted.get("agency", ""), role=wanted.get("role", ""))
    return render(request, "people/list.html", {"people": list(found), "form": form})


@login_required
def add_agency(request: SignedIn) -> HttpResponse:
    duties.require(DUTY, by=request.user)
    form = AgencyForm(request.POST or None)
    if done(form, lambda: services.register_agency(**form.cleaned_data, by=request.user)):
        messages.success(request, _("The agency is registered."))
        return redirect("desk:people")
    shown = {
        "heading": _("Register an agency"),
        "text": _("A party of the trust: a government agency or a community partner."),
        "button": _("Register"),
    }
    return render(request, "people/form.html", shown | {"form": form}, status=400 if form.errors else 200)


@login_required
def add_person(request: SignedIn) -> HttpResponse:
    duties.require(DUTY, by=request.user)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        agency = queries.agency(given["agency"]) if given["agency"] else None
        added: list[User] = []
        if done(
            form,
            lambda: added.append(services.create_user(**(given | {"agency": agency}), by=request.user)),
        ):
            _invite(request, added[0])
            return redirect("desk:person", number=added[0].pk)
    shown = {
        "heading": _("Add a person"),
        "text": _("They get a link to set their password, and set up a second step when they first sign in."),
        "button": _("Add"),
    }
    return render(request, "people/form.html", shown | {"form": form}, status=400 if form.errors else 200)


@login_required
def person(request: SignedIn, number: int) -> HttpResponse:
    duties.require(DUTY, by=request.user)
    found = queries.person(number)
    if request.method == "POST":
        return _change(request, found)
    return _show(request, found, RolesForm(initial={"roles": sorted(found.roles)}))


def _show(request: SignedIn, found: User, form: RolesForm, training: TrainingForm | None = None) -> HttpResponse:
    training = training or TrainingForm(initial={"trained_until": found.trained_until})
    shown = {
        "person": found,
        "form": form,
        "training": training,
        "two_step": is_mfa_enabled(found),
        "invitation": request.session.pop("invitation", ""),
    }
    return render(request, "people/person.html", shown, status=400 if form.errors or training.errors else 200)


def _change(request: SignedIn, found: User) -> HttpResponse:
    what = request.POST.get("do", "roles")
    if what == "invite":
        _invite(request, found)
    elif what == "reset-second-step":
        _reset_second_step(found, request.user)
        messages.success(request, _("The second step is reset. The person sets it up anew when they next sign in."))
    elif what == "training":
        training = TrainingForm(request.POST)
        if not done(
            training,
            lambda: services.set_training(found, until=training.cleaned_data["trained_until"], by=request.user),
        ):
            return _show(request, found, RolesForm(initial={"roles": sorted(found.roles)}), training)
        messages.success(request, _("The training is entered."))
    elif what == "close":
        services.deactivate(found, by=request.user)
        messages.success(request, _("The account is closed."))
    elif what == "open":
        services.reactivate(found, by=request.user)
        messages.success(request, _("The account is open again."))
    else:
        form = RolesForm(request.POST)
        if not (done(form, lambda: _set_roles(found, set(form.cleaned_data["roles"]), request.user))):
            return _show(request, found, form)
        messages.success(request, _("The roles are saved."))
    return redirect("desk:person", number=found.pk)


@transaction.atomic
def _set_roles(found: User, wanted: set[str], by: User) -> None:
    for role in sorted(wanted - found.roles):
        services.give_role(found, role, by=by)
    for role in sorted(found.roles - wanted):
        services.take_role(found, role, by=by)


@transaction.atomic
def _reset_second_step(found: User, by: User) -> None:
    """For someone who lost their telephone and their recovery codes. Nobody does it for themselves."""
    if found.pk == by.pk:
        raise UserFacingError("This is your own second step.", next_step="Change it on your account's page.")
    services.note(found, "second step of signing in reset", by=by)
    Authenticator.objects.filter(user=found).delete()


def _invite(request: SignedIn, found: User) -> None:
    """Send the link that sets a password; without a mail server, show it once to the administrator."""
    key = f"{user_pk_to_url_str(found)}-{default_token_generator.make_token(found)}"
    uid, _dash, token = key.partition("-")
    link = request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))
    services.note(found, "link to set a password made", by=request.user)
    if not settings.EMAIL_HOST:
        request.session["invitation"] = link
        return
    send_mail(
        _("Your account at %(trust)s") % {"trust": settings.TRUST_NAME},
        _("You have an account. Set your password with this link: %(link)s") % {"link": link},
        settings.DEFAULT_FROM_EMAIL,
        [found.email],
    )
    messages.success(request, _("The link to set a password was sent."))
