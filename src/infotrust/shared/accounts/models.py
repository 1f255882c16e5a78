"""Agencies, the people who work for them, and the roles they hold."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Agency(models.Model):
    """A party of the trust: a government agency or a community partner."""

    about_people: ClassVar[dict[str, str]] = {}

    code = models.SlugField(_("short name"), unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=200, unique=True)
    description = models.TextField(_("what it does, in plain words"), blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person does in the trust. Stable codes; what each may do is in `permissions.duties`."""

    STEWARD = "steward", _("Data steward")
    COUNSEL = "counsel", _("Counsel")
    BOARD_MEMBER = "board_member", _("Board member")
    LINKAGE_OFFICER = "linkage_officer", _("Linkage officer")
    ANALYST = "analyst", _("Analyst")
    OUTPUT_CHECKER = "output_checker", _("Output checker")
    HELPER = "helper", _("Helper")
    PROGRAM = "program", _("Program staff")
    PRIVACY = "privacy", _("Privacy officer")
    SECURITY = "security", _("Information security officer")
    FACILITATOR = "facilitator", _("Facilitator")
    RESIDENT = "resident", _("Resident member")
    REQUESTER = "requester", _("Data requester")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. Residents need no account to read the public pages."""

    about_people: ClassVar[dict[str, str]] = {"email": "identifier", "name": "identifier", "agency": "public"}

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("agency")
    )
    trained_until = models.DateField(_("privacy training valid until"), null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the administration pages"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        verbose_name = _("person with an account")
        verbose_name_plural = _("people with an account")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def roles(self) -> frozenset[str]:
        """The codes of the roles this person holds (read once per instance)."""
        cached: frozenset[str] | None = getattr(self, "_roles", None)
        if cached is None:
            cached = frozenset(self.roles_held.values_list("role", flat=True))
            self._roles = cached
        return cached

    def forget_roles(self) -> None:
        """Read the roles anew at their next use: they have just been changed."""
        self.__dict__.pop("_roles", None)


class RoleHeld(models.Model):
    """A role someone holds, and who gave it."""

    about_people: ClassVar[dict[str, str]] = {"user": "public", "role": "public", "given_by": "public"}

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=20, choices=Role.choices)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "role"), name="accounts_role_held_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
