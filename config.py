"""Every setting, its default and its environment variable; nothing else reads the environment."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
DEVELOPMENT_SECRET = "development-only-secret-key"  # noqa: S105 - refused in production, see validate()

KEY_BYTES = 32
DISTINCT_BYTES = 12  # 32 random bytes hold some 30 different ones; a typed or zeroed key holds few


class BadSetting(Exception):
    """A setting is missing or unusable; the message names the variable and what to do."""


@dataclass(frozen=True)
class BankAccount:
    """The marketplace's own account: the bank's six-digit BIN, the number there, in whose name."""

    bank: str
    number: str
    holder: str


@dataclass(frozen=True)
class Settings:
    """One process's settings. `from_environment` is the only way they come in from outside."""

    environment: str = "development"  # MARKETPLACE_ENV: development | testing | production
    database_url: str = f"sqlite:///{INSTANCE / 'marketplace.sqlite3'}"  # DATABASE_URL
    secret_key: str = DEVELOPMENT_SECRET  # SECRET_KEY
    signing_key: str = ""  # SIGNING_KEY: what stamps on labels are signed with, 32 random bytes as hex or base64
    signing_keys_before: tuple[bytes, ...] = ()  # SIGNING_KEYS_BEFORE: public keys of earlier ones, comma-separated
    redis_url: str = ""  # REDIS_URL: job queue and attempt limits; empty keeps both embedded
    search_url: str = f"whoosh:{INSTANCE / 'search'}"  # SEARCH_URL
    mail_url: str = f"file:{INSTANCE / 'outbox'}"  # MAIL_URL: file:FOLDER or smtp://[user:pass@]host:port
    mail_sender: str = "cho-phien@localhost"  # MAIL_SENDER
    media_url: str = str(INSTANCE / "media")  # MEDIA_URL: pictures and files, FOLDER or s3://bucket/prefix
    s3_endpoint_url: str = ""  # S3_ENDPOINT_URL: an S3-compatible service other than Amazon's
    queue_path: str = str(INSTANCE / "queue.sqlite3")  # QUEUE_PATH: the embedded job queue
    site_name: str = "Chợ Phiên"  # SITE_NAME
    site_url: str = "http://127.0.0.1:8000"  # SITE_URL: the absolute address that mails and QR codes carry
    province_code: str = "12"  # PROVINCE_CODE: the province this desk serves
    stripe_secret_key: str = ""  # STRIPE_SECRET_KEY: cards are offered where it is set
    stripe_publishable_key: str = ""  # STRIPE_PUBLISHABLE_KEY
    stripe_webhook_secret: str = ""  # STRIPE_WEBHOOK_SECRET
    stripe_api_base: str = ""  # STRIPE_API_BASE: another address than Stripe's own, for tests
    card_least: int = 15_000  # CARD_LEAST: dong; Stripe's least is the worth of US$0.50
    card_most: int = 99_999_999  # CARD_MOST: dong; Stripe takes eight digits
    bank_account: BankAccount | None = None  # BANK_ACCOUNT: BIN:number:name; transfers are offered where it is set
    bank_feed_url: str = ""  # BANK_FEED_URL: where a transfer that the feed told of is read again; empty: no feed
    bank_feed_secret: str = ""  # BANK_FEED_SECRET: what the feed's webhook says after `Authorization: Apikey`
    bank_feed_token: str = ""  # BANK_FEED_TOKEN: with which we read there (`Authorization: Bearer`)
    trusted_proxies: int = 0  # TRUSTED_PROXIES: how many proxies in front set X-Forwarded-*
    log_format: str = "text"  # LOG_FORMAT: text | json (production: json)
    worker_lease: int = 60  # WORKER_LEASE: seconds a worker may take over one message or job
    require_second_factor: bool = False  # REQUIRE_SECOND_FACTOR: of officers; 1 unless said otherwise in production
    attempt_limits: bool = True  # ATTEMPT_LIMITS: 0 lifts the sign-in limits, for load tests only

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from `environ` (the process's own when None), checked by `validate`."""
        given = os.environ if environ is None else environ
        environment = given.get("MARKETPLACE_ENV", "development")
        settings = cls(
            environment=environment,
            database_url=_database_url(given.get("DATABASE_URL") or cls.database_url),
            secret_key=given.get("SECRET_KEY") or cls.secret_key,
            signing_key=given.get("SIGNING_KEY", ""),
            signing_keys_before=_keys(given.get("SIGNING_KEYS_BEFORE", "")),
            redis_url=given.get("REDIS_URL", ""),
            search_url=given.get("SEARCH_URL") or cls.search_url,
            mail_url=given.get("MAIL_URL") or cls.mail_url,
            mail_sender=given.get("MAIL_SENDER") or cls.mail_sender,
            media_url=given.get("MEDIA_URL") or cls.media_url,
            s3_endpoint_url=given.get("S3_ENDPOINT_URL", ""),
            queue_path=given.get("QUEUE_PATH") or cls.queue_path,
            site_name=given.get("SITE_NAME") or cls.site_name,
            site_url=(given.get("SITE_URL") or cls.site_url).rstrip("/"),
            province_code=given.get("PROVINCE_CODE") or cls.province_code,
            stripe_secret_key=given.get("STRIPE_SECRET_KEY", ""),
            stripe_publishable_key=given.get("STRIPE_PUBLISHABLE_KEY", ""),
            stripe_webhook_secret=given.get("STRIPE_WEBHOOK_SECRET", ""),
            stripe_api_base=given.get("STRIPE_API_BASE", ""),
            card_least=_whole_number(given, "CARD_LEAST") or cls.card_least,
            card_most=_whole_number(given, "CARD_MOST") or cls.card_most,
            bank_account=_bank_account(given.get("BANK_ACCOUNT", "")),
            bank_feed_url=given.get("BANK_FEED_URL", "").rstrip("/"),
            bank_feed_secret=given.get("BANK_FEED_SECRET", ""),
            bank_feed_token=given.get("BANK_FEED_TOKEN", ""),
            trusted_proxies=_whole_number(given, "TRUSTED_PROXIES"),
            log_format=given.get("LOG_FORMAT") or ("json" if environment == "production" else "text"),
            worker_lease=_whole_number(given, "WORKER_LEASE") or cls.worker_lease,
            require_second_factor=given.get("REQUIRE_SECOND_FACTOR", "1" if environment == "production" else "0")
            != "0",
            attempt_limits=given.get("ATTEMPT_LIMITS", "1") != "0",
        )
        settings.validate()
        return settings

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def signing_seed(self) -> bytes:
        """The Ed25519 seed: SIGNING_KEY's 32 bytes; outside production, without one, derived from SECRET_KEY."""
        if self.signing_key:
            return _key("SIGNING_KEY", self.signing_key)
        return _derived(self.secret_key)

    @property
    def ticket_seed(self) -> bytes:
        """The Ed25519 seed of fairs' tickets, derived from SECRET_KEY by a word of its own."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"tickets of fairs").derive(self.secret_key.encode())

    @property
    def second_factor_key(self) -> bytes:
        """What second factors are kept under, derived from SECRET_KEY by a word of its own, as Fernet takes it."""
        key = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"second factors").derive(self.secret_key.encode())
        return base64.urlsafe_b64encode(key)

    def validate(self) -> None:
        """Raise BadSetting where the process must not start."""
        if self.environment not in ("development", "testing", "production"):
            raise BadSetting(f"MARKETPLACE_ENV is {self.environment!r}; say development, testing or production")
        if self.production and (self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32):
            raise BadSetting("SECRET_KEY must be set to at least 32 random characters in production")

        if self.stripe_secret_key and not self.stripe_webhook_secret:
            raise BadSetting(
                "STRIPE_WEBHOOK_SECRET must be set where STRIPE_SECRET_KEY is: nobody else may tell us of payments"
            )
        if self.bank_feed_url:
            self._validate_feed()
        if self.production and not self.signing_key:
            raise BadSetting("SIGNING_KEY must be set in production; `flask certificates new-key` makes one")
        guessable = len(set(self.signing_seed)) < DISTINCT_BYTES
        if guessable or (self.production and self.signing_seed == _derived(DEVELOPMENT_SECRET)):
            raise BadSetting("SIGNING_KEY must be random; `flask certificates new-key` makes one")
        everybodys = Ed25519PrivateKey.from_private_bytes(_derived(DEVELOPMENT_SECRET)).public_key()
        if self.production and everybodys.public_bytes_raw() in self.signing_keys_before:
            raise BadSetting("SIGNING_KEYS_BEFORE names the key of development, with which anybody can sign")

    def _validate_feed(self) -> None:
        if not self.bank_account:
            raise BadSetting("BANK_ACCOUNT must be set where BANK_FEED_URL is: transfers come to an account")
        if len(self.bank_feed_secret) < 16:
            raise BadSetting("BANK_FEED_SECRET must be set to at least 16 characters where BANK_FEED_URL is")
        if not self.bank_feed_token:
            raise BadSetting("BANK_FEED_TOKEN must be set where BANK_FEED_URL is: each transfer is read again there")
        if not self.bank_feed_url.startswith("https://" if self.production else ("https://", "http://")):
            raise BadSetting("BANK_FEED_URL must begin with https://")

    def flask_config(self) -> dict[str, object]:
        """The same settings under the names that Flask and its extensions read."""
        return {
            "SETTINGS": self,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SESSION_COOKIE_NAME": "__Host-session" if self.production else "session",
            "SESSION_COOKIE_SECURE": self.production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "vi",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "marketplace" / "translations"),
            "RATELIMIT_ENABLED": self.attempt_limits,
            "RATELIMIT_STORAGE_URI": self.redis_url or "memory://",
            "RATELIMIT_STRATEGY": "sliding-window-counter",
            "RATELIMIT_HEADERS_ENABLED": True,
            "TESTING": self.environment == "testing",
        }


def _database_url(url: str) -> str:
    """`postgres://` and `postgresql://` mean psycopg 3 here."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _whole_number(given: Mapping[str, str], name: str) -> int:
    try:
        return int(given.get(name) or 0)
    except ValueError as error:
        raise BadSetting(f"{name} must be a whole number, not {given[name]!r}") from error


def environment_with(defaults: Mapping[str, str]) -> dict[str, str]:
    """This process's environment, for a program that it starts; `defaults` hold where nothing was set."""
    return {**defaults, **os.environ}


def _bank_account(text: str) -> BankAccount | None:
    """`BIN:number:name`: six digits; 4 to 19 letters and digits, as NAPAS takes them; who holds it."""
    if not text.strip():
        return None
    bank, _, rest = text.partition(":")
    number, _, holder = (part.strip() for part in rest.partition(":"))
    if not re.fullmatch(r"[0-9]{6}", bank.strip()):
        raise BadSetting("BANK_ACCOUNT must be BIN:number:name, and the BIN is six digits")
    if not re.fullmatch(r"[0-9A-Za-z]{4,19}", number):
        raise BadSetting("BANK_ACCOUNT must be BIN:number:name, and the number is 4 to 19 letters and digits")
    if not holder:
        raise BadSetting("BANK_ACCOUNT must be BIN:number:name, and the name is missing")
    return BankAccount(bank.strip(), number, holder)


def _derived(secret: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"stamps on labels").derive(secret.encode())


def _key(name: str, text: str) -> bytes:
    """32 bytes written as hex or base64 (either alphabet, padded or not)."""
    text = text.strip()
    try:
        if len(text) == 2 * KEY_BYTES:
            found = bytes.fromhex(text)
        else:
            plain = text.rstrip("=").translate(str.maketrans("-_", "+/"))
            found = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSetting(f"{name} must be {KEY_BYTES} bytes written as hex or base64") from error
    if len(found) != KEY_BYTES:
        raise BadSetting(f"{name} must be {KEY_BYTES} bytes written as hex or base64, not {len(found)}")
    return found


def _keys(text: str) -> tuple[bytes, ...]:
    return tuple(_key("SIGNING_KEYS_BEFORE", one) for one in text.split(",") if one.strip())
