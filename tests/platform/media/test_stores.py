"""One contract over both stores: a folder, and an S3 service on the loopback."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import BadSetting, Settings
from marketplace.platform.media.stores import FolderStore, NoSuchFile, S3Store, Store, store_for


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "folder":
        return store_for(Settings(media_url=str(tmp_path / "media")))
    import boto3

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    endpoint = request.getfixturevalue("service")
    with contextlib.suppress(Exception):
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="cho")
    found = store_for(Settings(media_url="s3://cho/anh/nho", s3_endpoint_url=endpoint))
    assert isinstance(found, S3Store)
    return found


def test_what_is_put_is_got_until_deleted(store: Store) -> None:
    assert not store.exists("pictures/a/1.webp")
    with pytest.raises(NoSuchFile):
        store.get("pictures/a/1.webp")
    store.put("pictures/a/1.webp", b"one", content_type="image/webp")
    store.put("pictures/a/10.webp", b"ten", content_type="image/webp")
    assert (store.get("pictures/a/1.webp"), store.exists("pictures/a/1.webp")) == (b"one", True)
    store.put("pictures/a/1.webp", b"two", content_type="image/webp")
    assert store.get("pictures/a/1.webp") == b"two"
    assert not store.exists("pictures/a.webp")
    store.delete("pictures/a/1.webp")
    store.delete("pictures/a/1.webp")
    assert not store.exists("pictures/a/1.webp")
    assert store.get("pictures/a/10.webp") == b"ten"
    store.delete("pictures/a/10.webp")


@pytest.mark.parametrize(
    "name",
    [
        "../x.webp",
        "/etc/passwd.txt",
        "a/../../x.webp",
        "a//x.webp",
        "A.webp",
        "a\\x.webp",
        ".x.webp",
        "x",
        "a/é.webp",
        "a/x.webp\n",
    ],
)
def test_no_name_leads_out(store: Store, name: str) -> None:
    for act in (store.get, store.exists, store.delete):
        with pytest.raises(ValueError, match="not a name"):
            act(name)
    with pytest.raises(ValueError, match="not a name"):
        store.put(name, b"", content_type="image/webp")


def test_the_setting_names_the_store(tmp_path: Path) -> None:
    assert isinstance(store_for(Settings(media_url=f"file:{tmp_path}")), FolderStore)
    with pytest.raises(BadSetting, match="MEDIA_URL"):
        store_for(Settings(media_url="s3://"))
    read = Settings.from_environment({"MEDIA_URL": "s3://b/p", "S3_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert (read.media_url, read.s3_endpoint_url) == ("s3://b/p", "http://127.0.0.1:9")
