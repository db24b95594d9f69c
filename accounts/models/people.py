"""People of the agency, and those of a client once they are invited."""

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Makes people: the e-mail is the user name, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person; without a password they can't sign in until invited."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """An administrator, who may use the admin site."""
        return self.create_user(
            email,
            password,
            **{"role": Person.Role.ADMIN, "is_superuser": True, **fields},
        )

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):
    """One person who works with the records: someone of the agency, or an invited contact of a client."""

    class Role(models.TextChoices):
        """What a person does here."""

        ADMIN = "admin", _("Admin")
        LEADERSHIP = "leadership", _("Leadership")
        ACCOUNT_MANAGER = "account_manager", _("Account manager")
        CONTACT = "contact", _("Client contact")

    class Language(models.TextChoices):
        """What clients and their mail can be spoken to in. Each is called as it calls itself."""

        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"
        GERMAN = "de", "Deutsch"

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.ACCOUNT_MANAGER)
    # Blank: the agency's. Of a client's people and their mail; the agency's own pages are in English.
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, blank=True, default="", db_default=""
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    # A passkey or an authenticator: a trigger of the database follows what is kept of them (migration 0011_teams).
    has_second_factor = models.BooleanField(_("second factor"), default=False, db_default=False, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("name", "email")
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(language__in=["", "en", "fr", "de"]), name="person_language_is_spoken"
            ),
            models.CheckConstraint(
                condition=models.Q(left_on=None) | models.Q(is_active=False), name="person_who_left_may_not_sign_in"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Keep the e-mail in lower case."""
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens for them."""
        return self.role == self.Role.ADMIN or (self.is_superuser and self.role != self.Role.CONTACT)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """In the admin site an administrator may do whatever it offers."""
        return (self.is_active and self.role == self.Role.ADMIN) or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Likewise."""
        return (self.is_active and self.role == self.Role.ADMIN) or super().has_module_perms(app_label)

    @property
    def leads(self) -> bool:
        """Whether they see what leadership sees."""
        return self.role in (self.Role.ADMIN, self.Role.LEADERSHIP)
