"""How an uploaded file is held while it arrives: in memory, then encrypted under a key that only this process has.

Django's own handler writes large uploads to a temporary file in clear; unagreed columns would touch the disk.
"""

from __future__ import annotations

from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from infotrust.stages.intake.spool import Spool

LARGEST_UPLOAD = 4 << 30


class SpoolUploadHandler(FileUploadHandler):
    """Puts each uploaded file into a `Spool`. `too_large` is set where one went beyond `LARGEST_UPLOAD` bytes."""

    chunk_size = 1 << 18

    def __init__(self, request: Any = None, largest: int = LARGEST_UPLOAD) -> None:
        super().__init__(request)
        self.largest, self.too_large = largest, False
        self.spool: Spool | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.spool = Spool(settings.STORAGE_FOLDER)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.spool is None:
            return
        if start + len(raw_data) > self.largest:
            self.too_large = True
            self._let_go()
            raise SkipFile
        self.spool.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self.spool is None:
            return None
        self.spool.seek(0)
        return UploadedFile(cast(IO[Any], self.spool), self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        if self.spool is not None:
            self.spool.close()
            self.spool = None
