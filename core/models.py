from django.conf import settings
from django.db import models
from django.db.models import Q


class PolicyVersion(models.Model):
    """The force's own numbers from an instant on; what it does not name keeps its default."""

    effective_from = models.DateTimeField()
    values = models.JSONField(default=dict)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        # policy.at(): the newest version not after an instant.
        indexes = [models.Index(fields=["-effective_from", "-id"], name="policy_newest_first")]
        permissions = [("change_policy", "May change force policy")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Policy from {self.effective_from:%Y-%m-%d %H:%M}"


class IdempotencyKey(models.Model):
    """The answer already given to a POST, so that a repeated one is answered and not done again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(200, 599)),
                name="idempotency_status_is_http",
            ),
        ]

    def __str__(self) -> str:
        return self.key
