"""The roles of the service, one group each. What a role may do is a permission of its group."""

from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """Group names, as shown to people."""

    CALL_HANDLER = "Call handler"
    CONTROL_INSPECTOR = "Control-room inspector"
    RESPONSE_OFFICER = "Response officer"
    SUPERVISOR = "Supervisor"
    MARU_WORKER = "MARU worker"
    MARU_MANAGER = "MARU manager"
    HEAD_OF_PUBLIC_PROTECTION = "Head of public protection"
    DAISU_INVESTIGATOR = "DAISU investigator"
    IDVA = "IDVA"
    IDVA_MANAGER = "IDVA manager"
    MARAC_COORDINATOR = "MARAC coordinator"
    MARAC_CHAIR = "MARAC chair"
    AGENCY_REPRESENTATIVE = "Agency representative"
    NEIGHBOURHOOD_OFFICER = "Neighbourhood officer"
    CUSTODY_OFFICER = "Custody officer"
    #: The account of another system that sends custody events; it sees nothing.
    CUSTODY_SYSTEM = "Custody system"
    SUPERINTENDENT = "Superintendent"
    ANALYST = "Performance analyst"
    AUDITOR = "Auditor"
    ADMINISTRATOR = "System administrator"


def grant(apps: Any, app_label: str, model: str, permissions: dict[str, dict[str, Any]]) -> None:
    """For data migrations: give groups the permissions of one model.

    `permissions` maps a codename to {"name": ..., "roles": [group names]}. Django makes permission
    rows only after all migrations; making them here lets a group have them at once.
    """
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    for codename, row in permissions.items():
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": row["name"]}
        )
        for role in row["roles"]:
            group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
            group.permissions.add(permission)
