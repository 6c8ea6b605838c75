"""Files that the bot and people sent, kept with their bytes."""

import itertools
import mimetypes
from dataclasses import dataclass

from standins.shapes import JsonObject
from standins.telegram.parameters import Parameters, Upload
from standins.telegram.refusals import BadRequest


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    folder: str
    file_name: str
    content_type: str
    content: bytes

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.file_id}"

    def as_file(self) -> JsonObject:
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_size": len(self.content),
            "file_path": self.path,
        }

    def as_document(self) -> JsonObject:
        return {**self._head(), "file_name": self.file_name, "mime_type": self.content_type}

    def as_photo(self) -> JsonObject:
        return {**self._head(), "width": 512, "height": 512}

    def _head(self) -> JsonObject:
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.content)}


class Files:
    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._ids = itertools.count(1)

    def received(self, name: str, folder: str, given: Parameters) -> StoredFile:
        """The file in parameter `name`: sent along, attached by reference, or one kept here before, by its id."""
        value = given.text(name)
        if value and value.startswith("attach://"):
            return self._keep(folder, given.files.get(value.removeprefix("attach://")))
        return self.get(value) if value else self._keep(folder, given.files.get(name))

    def get(self, file_id: str) -> StoredFile:
        if file_id not in self._files:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        return self._files[file_id]

    def attached(self, file_name: str, content: bytes) -> StoredFile:
        """A person's document; its type is told by the name, as a phone does."""
        kind = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        return self._store("documents", file_name, kind, content)

    def _keep(self, folder: str, upload: Upload | None) -> StoredFile:
        if upload is None:
            raise BadRequest(f"there is no {folder.removesuffix('s')} in the request")
        if not upload.content:
            raise BadRequest("file must be non-empty")
        return self._store(folder, upload.file_name, upload.content_type, upload.content)

    def _store(self, folder: str, file_name: str, content_type: str, content: bytes) -> StoredFile:
        file = StoredFile(f"STANDIN{next(self._ids):06d}", folder, file_name, content_type, content)
        self._files[file.file_id] = file
        return file
