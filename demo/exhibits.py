"""Photographs and a document of the story, drawn here and added through the service.

The service keeps each file in a transaction of its own, so they come after the year is loaded.
"""

import io
from collections.abc import Iterable
from datetime import timedelta

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from audit.models import AuditEvent
from core.policy import at as policy_at
from demo.story import AUTUMN, YESTERDAY
from incidents.models import Exhibit, FirstResponse, Incident
from incidents.models.exhibits import kept_in
from incidents.services.exhibits import Particulars, add_exhibit

Kind = Exhibit.Kind

#: What is shown, and how: kind, the telephone's name for it, words, colours.
_PICTURES: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    AUTUMN: (
        (Kind.INJURY, "IMG_0412.jpg", "Left forearm, two days after, with scale",
         "#d9b49a", "#8a5a6b"),
        (Kind.SCENE, "IMG_0413.jpg", "Hall of flat 4, coat rail torn from the wall",
         "#cfd6d2", "#6b5b4b"),
    ),
    YESTERDAY: (
        (Kind.SCENE, "IMG_0977.jpg", "Door of flat 4: mark of a shoe below the lock",
         "#b9c4c9", "#3d4a52"),
        (Kind.INJURY, "IMG_0978.jpg", "Right shoulder, reddened; taken with her consent",
         "#dcb89f", "#b0676b"),
    ),
}  # fmt: skip
_LETTER = (
    "Note of the housing officer",
    "Flat 4, 18 Tanglewood Court",
    "Lock changed after the report in autumn.",
    "Tenant asks for a second lock and a viewer.",
)


def places() -> list[str]:
    """Where the files of every exhibit lie."""
    return list(Exhibit.objects.values_list("file", flat=True))


def remove(files: Iterable[str]) -> None:
    """Delete files whose exhibits are gone."""
    for place in files:
        kept_in().delete(place)


def add_exhibits(incident_ids: dict[str, int]) -> dict[str, int]:
    """Add the story's exhibits; the rows that the tables of the year gained by it."""
    before = AuditEvent.objects.count()
    for tag, pictures in _PICTURES.items():
        response = (
            FirstResponse.objects.filter(incident=incident_ids.get(tag))
            .select_related("incident", "officer")
            .first()
        )
        if response is None:
            continue
        for number, (kind, name, said, ground, mark) in enumerate(pictures):
            _add(response, kind, name, said, _picture(ground, mark, number), number)
        if tag == YESTERDAY:
            words = "Letter of her landlord about the lock"
            _add(response, Kind.DOCUMENT, "letter.pdf", words, _pdf(_LETTER), len(pictures))
    return {AuditEvent._meta.db_table: AuditEvent.objects.count() - before}


def _add(
    response: FirstResponse, kind: str, name: str, said: str, data: bytes, number: int
) -> None:
    incident: Incident = response.incident
    victim = incident.involvements.filter(role="victim").order_by("pk").first()
    at = response.recorded_at + timedelta(minutes=3 + 2 * number)
    assert len(data) < policy_at(at).exhibit_megabytes * 1_000_000
    add_exhibit(
        incident_id=incident.pk,
        file=ContentFile(data, name=name),
        about=Particulars(kind=kind, words=said, person_id=victim.person_id if victim else None),
        actor=response.officer,
        at=at,
    )


def _picture(ground: str, mark: str, number: int) -> bytes:
    """A plain drawing, not a photograph of anybody: a surface, a mark on it and a scale."""
    image = Image.new("RGB", (960, 720), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse((330 + 40 * number, 240, 560 + 40 * number, 400), fill=mark)
    pen.rectangle((60, 620, 900, 660), fill="#f4f1e8", outline="#222222")
    for centimetre in range(21):
        left = 60 + 42 * centimetre
        pen.line((left, 620, left, 650 if centimetre % 5 == 0 else 638), fill="#222222", width=2)
    pen.text((64, 670), f"Demo drawing {number + 1}", fill="#222222")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _pdf(lines: tuple[str, ...]) -> bytes:
    """A page of text as the smallest whole PDF."""
    text = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 14 Tf 60 760 Td 22 TL {text} ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
