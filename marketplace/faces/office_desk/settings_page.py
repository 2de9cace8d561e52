"""What is in force here, read-only: the settings without their secrets, the database's version, the worker's jobs."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _

from config import Settings
from marketplace.people.accounts.policies import SEE_SETTINGS
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import schema_version
from marketplace.platform.jobs.queries import worker_state
from marketplace.platform.web.templates import money

bp = Blueprint("office_settings", __name__, url_prefix="/office/settings")
Rows = list[tuple[str, str]]


@bp.get("")
@allow(SEE_SETTINGS)
def settings() -> str:
    in_force: Settings = current_app.config["SETTINGS"]
    groups = [
        (_("Chợ"), _house(in_force)),
        (_("Nơi cất giữ"), _places(in_force)),
        (_("Cách trả tiền"), _payments(in_force)),
        (_("An toàn"), _safety(in_force)),
    ]
    return render_template(
        "office_desk/settings.html", groups=groups, version=schema_version(), worker=worker_state(at=now())
    )


def without_secrets(address: str) -> str:
    """An address without the name and password in it, nor what follows a question mark."""
    parts = urlsplit(address)
    if not parts.netloc:
        return address
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _house(s: Settings) -> Rows:
    return [
        ("MARKETPLACE_ENV", s.environment),
        ("SITE_NAME", s.site_name),
        ("SITE_URL", s.site_url),
        ("PROVINCE_CODE", s.province_code),
        ("MAIL_SENDER", s.mail_sender),
    ]


def _places(s: Settings) -> Rows:
    named = {
        "DATABASE_URL": s.database_url,
        "SEARCH_URL": s.search_url,
        "MEDIA_URL": s.media_url,
        "MAIL_URL": s.mail_url,
        "REDIS_URL": s.redis_url,
    }
    return [(name, without_secrets(value) or "–") for name, value in named.items()]


def _payments(s: Settings) -> Rows:
    bank = f"{s.bank_account.bank} …{s.bank_account.number[-4:]}" if s.bank_account else "–"
    return [
        ("STRIPE_SECRET_KEY", _is_set(s.stripe_secret_key)),
        ("STRIPE_WEBHOOK_SECRET", _is_set(s.stripe_webhook_secret)),
        ("CARD_LEAST", money(s.card_least)),
        ("CARD_MOST", money(s.card_most)),
        ("BANK_ACCOUNT", bank),
        ("BANK_FEED_URL", without_secrets(s.bank_feed_url) or "–"),
        ("BANK_FEED_SECRET", _is_set(s.bank_feed_secret)),
        ("BANK_FEED_TOKEN", _is_set(s.bank_feed_token)),
    ]


def _safety(s: Settings) -> Rows:
    return [
        ("REQUIRE_SECOND_FACTOR", _("bật") if s.require_second_factor else _("tắt")),
        ("ATTEMPT_LIMITS", _("bật") if s.attempt_limits else _("tắt")),
        ("SECRET_KEY", _is_set(s.secret_key)),
        ("SIGNING_KEY", _is_set(s.signing_key)),
        ("TRUSTED_PROXIES", str(s.trusted_proxies)),
        ("LOG_FORMAT", s.log_format),
    ]


def _is_set(secret: str) -> str:
    return str(_("đã đặt, không hiện") if secret else _("chưa đặt"))
