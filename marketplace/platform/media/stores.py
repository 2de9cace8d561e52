"""Where files lie: a folder, or an S3-compatible service. Names are ours alone, never what somebody typed."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, cast

from flask import Flask, current_app

from config import BadSetting, Settings

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*\.[a-z0-9]{2,5}")


class NoSuchFile(Exception):
    """The store has no file of this name."""


class Store(Protocol):
    """Keeps files by name. Putting replaces whole or not at all; deleting what is gone is no error."""

    def put(self, name: str, data: bytes, *, content_type: str) -> None: ...
    def get(self, name: str) -> bytes: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...


def check_name(name: str) -> str:
    """The name itself where it is one of ours; ValueError for `..`, a leading slash, capitals, anything odd."""
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"not a name of a stored file: {name!r}")
    return name


class FolderStore:
    """Files under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        """Write beside, then rename: a reader sees the old file or the new one, never half."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_bytes(data)
        part.replace(path)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NoSuchFile(name) from error

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Remove the file, and its folder where it leaves it empty; the store's own first folders stay."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        if self.folder not in (path.parent, path.parent.parent):
            with suppress(OSError):  # not empty, or gone already
                path.parent.rmdir()

    def _path(self, name: str) -> Path:
        return self.folder / check_name(name)


class S3Store:
    """Objects under a prefix of one bucket. Who we are, boto3 finds in the usual AWS_… variables."""

    def __init__(self, bucket: str, prefix: str = "", endpoint_url: str = "") -> None:
        import boto3  # only where it is used: an extra of the scale set

        self.bucket, self.prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.client = cast("Any", boto3.client("s3", endpoint_url=endpoint_url or None))

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=data, ContentType=content_type)

    def get(self, name: str) -> bytes:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
        except self.client.exceptions.NoSuchKey as error:
            raise NoSuchFile(name) from error
        return bytes(answer["Body"].read())

    def exists(self, name: str) -> bool:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=self._key(name), MaxKeys=1)
        return any(each["Key"] == self._key(name) for each in found.get("Contents", []))

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def _key(self, name: str) -> str:
        return self.prefix + check_name(name)


def store_for(settings: Settings) -> Store:
    """The store that MEDIA_URL names: a folder, or `s3://bucket/prefix`."""
    if settings.media_url.startswith("s3://"):
        bucket, _, prefix = settings.media_url.removeprefix("s3://").partition("/")
        if not bucket:
            raise BadSetting("MEDIA_URL must read FOLDER or s3://bucket/prefix")
        return S3Store(bucket, prefix, settings.s3_endpoint_url)
    return FolderStore(Path(settings.media_url.removeprefix("file:")))


def init_media(app: Flask, settings: Settings) -> None:
    """Attach the store."""
    app.extensions["media"] = store_for(settings)


def media_store() -> Store:
    """The application's store."""
    return cast("Store", current_app.extensions["media"])
