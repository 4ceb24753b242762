"""Files on their way in: measured as they come, so that a long one is never kept whole."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.functional import cached_property

from core.errors import DomainError
from incidents.services.exhibits.adding import MOST_FILES, most_bytes

#: Bytes of a request beside its files: the fields, and the lines between the parts.
BESIDE_FILES = 1_000_000


class TooLarge(DomainError):
    """More than one request may carry; it was not read."""

    status = 413
    code = "too_large"


class SizeLimit(FileUploadHandler):
    """Passes on what it is given until a file is too long; that one is dropped, others go on."""

    def __init__(self, request: HttpRequest, at: datetime) -> None:
        super().__init__(request)
        self.at = at
        self.so_far = 0
        #: Names of the files that were too long.
        self.too_large: list[str] = []

    @cached_property
    def most(self) -> int:
        """Bytes of one file; asked for only once a file comes."""
        return most_bytes(self.at)

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.so_far = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.so_far += len(raw_data)
        if self.so_far > self.most:
            self.too_large.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


def limit_uploads(request: HttpRequest, at: datetime) -> SizeLimit:
    """Measure the files of this request; before anything reads its body."""
    limit = SizeLimit(request, at)
    request.upload_handlers.insert(0, limit)
    return limit


def check_length(request: HttpRequest, at: datetime) -> None:
    """Refuse by its announced length what cannot be accepted. Raises TooLarge."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    length = int(announced) if announced.isascii() and announced.isdigit() else 0
    most = MOST_FILES * most_bytes(at) + BESIDE_FILES
    if length > most:
        raise TooLarge(
            f"This is {length // 1_000_000} MB at once; the most is {most // 1_000_000} MB. "
            "Go back (what you typed is still there) and add fewer files at a time.",
            field="file",
        )
