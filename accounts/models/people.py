from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models import F, Q

from accounts.managers import UserManager
from accounts.roles import Role
from core.prepared import Statement


class Area(models.Model):
    """A part of the county that a team polices; towns and villages have other arrival targets."""

    name = models.CharField(max_length=100, unique=True)
    is_rural = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """The police or a partner: housing, health, children's services, probation and others."""

    class Kind(models.TextChoices):
        POLICE = "police", "Police"
        IDVA_SERVICE = "idva_service", "IDVA service"
        HOUSING = "housing", "Housing"
        HEALTH = "health", "Health"
        CHILDREN = "children", "Children's services"
        ADULTS = "adults", "Adult social care"
        EDUCATION = "education", "Education"
        PROBATION = "probation", "Probation"
        VOLUNTARY = "voluntary", "Voluntary sector"

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share work; its supervisor is the first step of every ladder."""

    class Kind(models.TextChoices):
        CONTROL_ROOM = "control_room", "Control room"
        RESPONSE = "response", "Response"
        MARU = "maru", "MARU"
        DAISU = "daisu", "DAISU"
        IDVA = "idva", "IDVA service"
        MARAC = "marac", "MARAC"
        NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"
        CUSTODY = "custody", "Custody"
        HEADQUARTERS = "headquarters", "Headquarters"
        PARTNER = "partner", "Partner agency"

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="teams", null=True, blank=True
    )
    supervisor = models.ForeignKey(
        "User", on_delete=models.PROTECT, related_name="supervises", null=True, blank=True
    )

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


#: What a person's groups are called and allow, which victims are withheld from them or from their
#: agency, and for whom they stand in now. Every page but the briefest asks this.
_ROLES = Statement(
    "accounts_roles",
    """
    SELECT
        ARRAY(
            SELECT g.name FROM accounts_user_groups ug JOIN auth_group g ON g.id = ug.group_id
            WHERE ug.user_id = %(person)s),
        ARRAY(
            SELECT t.app_label || '.' || p.codename
            FROM accounts_user_groups ug
            JOIN auth_group_permissions gp ON gp.group_id = ug.group_id
            JOIN auth_permission p ON p.id = gp.permission_id
            JOIN django_content_type t ON t.id = p.content_type_id
            WHERE ug.user_id = %(person)s),
        ARRAY(
            SELECT w.victim_id FROM accounts_withholding w
            WHERE w.ended_at IS NULL AND w.person_id = %(person)s
            UNION
            SELECT w.victim_id FROM accounts_withholding w
            JOIN accounts_team t ON t.agency_id = w.agency_id
            JOIN accounts_user u ON u.team_id = t.id
            WHERE w.ended_at IS NULL AND u.id = %(person)s),
        ARRAY(
            SELECT a.person_id FROM accounts_absence a
            WHERE a.cover_id = %(person)s AND a.from_at <= now() AND a.until_at > now()
              AND NOT EXISTS (
                SELECT FROM accounts_absence own WHERE own.person_id = a.cover_id
                   AND own.from_at <= now() AND own.until_at > now()))
    """,
    {"person": "bigint"},
)


#: The apps that Django's administration is for: people and teams, sign-in, numbers of the force.
_OF_ADMINISTRATION = frozenset(
    {"accounts", "auth", "admin", "core", "account", "mfa", "socialaccount", "knox", "sessions"}
)


#: Patrols and their call signs, which are kept there too.
_OF_UNITS = frozenset(f"incidents.{verb}_unit" for verb in ("add", "change", "delete", "view"))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, or a named system actor that cannot."""

    username = models.CharField(
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": "Somebody has this user name already."},
    )
    name = models.CharField("name as shown", max_length=120, help_text="PC 4471 R. Adeyemi")
    email = models.EmailField(blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="members", null=True, blank=True
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may open the administration pages", default=False)
    #: A named system actor (the sweep, the demo loader): writes are never anonymous.
    is_system = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_system=False) | Q(is_staff=False, is_superuser=False),
                name="system_actor_has_no_powers",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def _roles(self) -> tuple[frozenset[str], set[str], frozenset[int], frozenset[int]]:
        """Names of the groups, what they may do, what is withheld, for whom they stand in.

        One query, once per request.
        """
        [(names, codenames, victims, away)] = _ROLES.rows({"person": self.pk})
        return frozenset(names), set(codenames), frozenset(victims), frozenset(away)

    @property
    def role_names(self) -> frozenset[str]:
        """The names of this person's roles."""
        return self._roles[0]

    @property
    def role_permissions(self) -> set[str]:
        """What this person's roles allow: "referrals.work_referral" and the like."""
        return self._roles[1]

    @property
    def withheld_victims(self) -> frozenset[int]:
        """Keys of victims of whom nothing may reach this person, whatever their role."""
        return self._roles[2]

    @property
    def stands_in_for(self) -> frozenset[int]:
        """Keys of people who are away and in whose place this person works now."""
        return self._roles[3]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As their roles allow; being a superuser opens the administration and no case record.

        Whoever keeps the machines keeps people and teams with them, and reads of a victim what
        their own roles let them read: nothing, where they have none.
        """
        is_kept = perm.partition(".")[0] in _OF_ADMINISTRATION or perm in _OF_UNITS
        if self.is_superuser and not is_kept:
            return self.is_active and perm in self.role_permissions
        return super().has_perm(perm, obj)

    def has_role(self, *roles: Role) -> bool:
        """Whether this person holds at least one of the roles."""
        return self.is_active and not self.role_names.isdisjoint(roles)


class Absence(models.Model):
    """Somebody is away for a time, and somebody else stands in for everything that is theirs."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    cover = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    #: Set when they came back before the time; it then ended at `until_at`.
    ended_early_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = [("arrange_cover", "May say who stands in for people of their team")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="absence_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("cover")), name="absence_covered_by_somebody_else"
            ),
        ]
        indexes = [
            # Who stands in for whom now: the sweep, the lists, the victim page.
            models.Index(fields=["person", "-until_at"], name="absence_by_person"),
            models.Index(fields=["cover", "-until_at"], name="absence_by_cover"),
        ]

    def __str__(self) -> str:
        return f"{self.person} away, {self.cover} stands in"
