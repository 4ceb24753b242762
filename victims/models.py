"""People and where they live; victims, the one scope that every permission hangs from."""

from typing import TypeVar, cast

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from accounts.models import Area, Team
from victims import telephones
from victims.querysets import (
    AddressQuerySet,
    MarkerQuerySet,
    PersonQuerySet,
    SafeContactQuerySet,
    VictimQuerySet,
)

M = TypeVar("M", bound=type[models.Model])


def track_changes(model: M) -> M:
    """Keep, by database trigger, what a row was before each change; the row is the newest."""
    track = pghistory.track(
        pghistory.UpdateEvent("changed", row=pghistory.Old), pghistory.DeleteEvent("deleted")
    )
    return cast("M", track(model))


class RiskGrade(models.TextChoices):
    """How likely serious harm is; very high is for cases that the conference hears."""

    STANDARD = "standard", "Standard"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    VERY_HIGH = "very_high", "Very high"

    @property
    def rank(self) -> int:
        """1 for standard to 4 for very high, for ordering and comparing."""
        return list(RiskGrade).index(self) + 1


@track_changes
class Address(models.Model):
    """A place. The key makes spellings of one address equal; the building key joins its flats."""

    line = models.CharField("address", max_length=200)
    postcode = models.CharField(max_length=8, blank=True)
    uprn = models.CharField("UPRN", max_length=12, blank=True)
    key = models.CharField(max_length=220, unique=True)
    building_key = models.CharField(max_length=220)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "addresses"
        indexes = [
            # History look-up and search: by building, by postcode, by UPRN.
            models.Index(fields=["building_key"], name="address_by_building"),
            models.Index(fields=["postcode"], name="address_by_postcode"),
            models.Index(fields=["uprn"], name="address_by_uprn", condition=~Q(uprn="")),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.line, self.postcode]))


@track_changes
class Person(models.Model):
    """A human being, in no role: roles belong to incidents."""

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Other"
        UNKNOWN = "unknown", "Not known"

    reference = models.CharField(max_length=16, unique=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    #: Where only an age was given: the year that it implies.
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    pronouns = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=60, blank=True)
    communication_needs = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Name not known"


class PersonName(models.Model):
    """A name that somebody goes or went by, with the keys that make spellings meet."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    #: Phonetic keys, from victims.names; blank when that part of the name is not known.
    given_key = models.CharField(max_length=20, blank=True)
    family_key = models.CharField(max_length=20, blank=True)
    date_of_birth = models.DateField(null=True, help_text="Copied, so that one index answers")
    is_current = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        indexes = [
            # History look-up and search by name, straight and swapped, and by name and birth date.
            models.Index(
                fields=["family_key", "given_key", "date_of_birth"], name="name_by_family_key"
            ),
            models.Index(fields=["given_key", "family_key"], name="name_by_given_key"),
            models.Index(
                fields=["date_of_birth", "family_key"],
                name="name_by_birth",
                condition=Q(date_of_birth__isnull=False),
            ),
            models.Index(fields=["person"], name="name_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Telephone(models.Model):
    """A number that somebody uses or used."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="telephones")
    number = models.CharField("E.164", max_length=16)
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            # Also the history look-up by number.
            models.UniqueConstraint(fields=["number", "person"], name="telephone_once_per_person")
        ]

    def __str__(self) -> str:
        return self.number


class Residence(models.Model):
    """Somebody lives or lived at an address."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="residences")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["address", "person"],
                condition=Q(until_at__isnull=True),
                name="residence_once_while_current",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")),
                name="residence_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.address_id}"


@track_changes
class Victim(models.Model):
    """Somebody harmed: the record that cases, permissions and deadlines hang from."""

    reference = models.CharField(max_length=16, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="victim")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="victims", null=True)
    #: The grade now; blank until somebody assessed. risk.GradeChange holds the history.
    grade = models.CharField(max_length=10, choices=RiskGrade, blank=True)
    grade_since = models.DateTimeField(null=True)
    grade_reason = models.CharField(max_length=300, blank=True)
    #: Who is responsible: always a team, and a person as soon as somebody has it.
    responsible_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="victims")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="victims", null=True
    )
    created_at = models.DateTimeField()
    last_incident_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = VictimQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_victim", "May see this victim's record"),
            ("view_all_victims", "May see every victim's record"),
            ("record_safe_contact", "May record how a victim can be reached"),
            ("set_marker", "May set and end markers on addresses and people"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade_since__isnull=False),
                name="victim_grade_has_its_instant",
            )
        ]
        indexes = [
            # An area's high-risk victims.
            models.Index(fields=["area", "grade"], name="victim_by_area_and_grade"),
            models.Index(
                fields=["responsible", "-last_incident_at"],
                name="victim_by_responsible",
                condition=Q(responsible__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class VictimGrant(UserObjectPermissionBase):
    """One person may see one victim (guardian's row). Carries the sort key of lists by grant."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
        indexes = [
            # visible_to: what one person was granted, newest first, without reading past it.
            models.Index(fields=["user", "permission", "-granted_at"], name="grant_newest_first")
        ]


@track_changes
class SafeContact(models.Model):
    """How this victim can be reached without harm; the newest row counts, older ones stay."""

    class Method(models.TextChoices):
        CALL = "call", "Telephone"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        THIRD_PARTY = "third_party", "Through somebody else"
        NONE = "none", "No safe way known"

    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="safe_contacts")
    method = models.CharField(max_length=12, choices=Method)
    number = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    code_word = models.CharField(max_length=60, blank=True)
    may_leave_voicemail = models.BooleanField(default=False)
    notes = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    is_current = models.BooleanField(default=True)
    #: Counts this victim's safe contacts from 1: what an editor must have read (0: none yet).
    version = models.PositiveIntegerField(default=1)

    objects = SafeContactQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["victim"], condition=Q(is_current=True), name="one_current_safe_contact"
            ),
            models.UniqueConstraint(fields=["victim", "version"], name="safe_contact_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.number_shown}".strip()

    @property
    def number_shown(self) -> str:
        """The number as people dial it; an address or words as they were typed."""
        is_dialled = self.method in {self.Method.CALL, self.Method.TEXT}
        return telephones.shown(self.number) if is_dialled else self.number


@track_changes
class Marker(models.Model):
    """A warning on an address or a person, seen by whoever takes the next call."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", "Treat as emergency"
        WEAPONS = "weapons", "Weapons"
        VIOLENT = "violent", "Violent to officers"
        CHILD_AT_RISK = "child_at_risk", "Child at risk"
        SELF_HARM = "self_harm", "Self-harm"

    kind = models.CharField(max_length=14, choices=Kind)
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="markers", null=True, blank=True
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="markers", null=True, blank=True
    )
    words = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    until = models.DateField()
    #: Set when somebody ended it before its day.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = MarkerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(address__isnull=False, person__isnull=True)
                | Q(address__isnull=True, person__isnull=False),
                name="marker_on_one_address_or_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="marker_ended_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
