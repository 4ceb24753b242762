from audit import services
from core.events import when
from core.policy import PolicyChanged


@when(PolicyChanged, then="the change, its reason and both values are kept in the audit")
def record_policy_change(event: PolicyChanged) -> None:
    services.record(
        actor=event.actor,
        at=event.at,
        verb="policy.changed",
        headline="Force policy changed: " + ", ".join(event.after),
        subject="policy",
        detail={
            "effective_from": event.effective_from.isoformat(),
            "before": event.before,
            "after": event.after,
            "reason": event.reason,
        },
        is_grave=True,
    )
