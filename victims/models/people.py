"""People, what they are called and reached by, and where they live."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Area
from victims.models.history import track_changes
from victims.querysets import AddressQuerySet, PersonQuerySet


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
