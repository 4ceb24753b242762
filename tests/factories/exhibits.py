"""Files for tests: pictures and documents made here, and what pretends to be one."""

import io
import zipfile
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from incidents.models import Exhibit, Incident
from incidents.services.exhibits import Particulars, add_exhibit
from tests.personas import person

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>"
    b"endobj\nxref\n0 3\ntrailer<</Root 1 0 R/Size 3>>\nstartxref\n90\n%%EOF\n"
)
WINDOWS_PROGRAM = b"MZ\x90\x00" + b"\x00" * 200 + b"This program cannot be run in DOS mode."
LINUX_PROGRAM = b"\x7fELF\x02\x01\x01" + b"\x00" * 200
SHELL_SCRIPT = b"#!/bin/sh\nrm -rf ~\n"


def picture(
    form: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "#803020", **options: Any
) -> bytes:
    """A small picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **options)
    return out.getvalue()


def archive(name: str = "run.exe") -> bytes:
    """A ZIP with a program in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, WINDOWS_PROGRAM)
    return out.getvalue()


def upload(data: bytes | None = None, name: str = "IMG_0042.jpg") -> SimpleUploadedFile:
    """A file as a request brings it; the type that a browser names is never looked at."""
    return SimpleUploadedFile(name, picture() if data is None else data, "image/jpeg")


def about(**changes: Any) -> Particulars:
    """What is said of a file."""
    return Particulars(**{"kind": "injury", "words": "Bruise on the left arm", **changes})


def exhibit(
    incident: Incident,
    at: datetime,
    *,
    data: bytes | None = None,
    name: str = "IMG_0042.jpg",
    actor: User | None = None,
    **said: Any,
) -> Exhibit:
    """One that is kept."""
    added = add_exhibit(
        incident_id=incident.pk,
        file=upload(data, name),
        about=about(**said),
        actor=actor or person("officer"),
        at=at,
    )
    return added.exhibit
