"""One call that gives an application the platform's glue."""

from collections.abc import Callable

from flask import Flask
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from config import Settings
from marketplace.platform.core.access import Actor
from marketplace.platform.web.access import init_access
from marketplace.platform.web.errors import init_errors
from marketplace.platform.web.headers import init_headers
from marketplace.platform.web.language import init_language
from marketplace.platform.web.log import init_request_log
from marketplace.platform.web.templates import init_templates
from marketplace.platform.web.unsound import init_unsound

csrf = CSRFProtect()
limiter = Limiter(get_remote_address)
compress = Compress()


def init_web(app: Flask, settings: Settings, *, identify: Callable[[], Actor]) -> None:
    """Attach log, CSRF, access, language, templates, errors and headers, in the order requests meet them."""
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # Vietnamese reads as Vietnamese
    init_request_log(app, settings)
    init_unsound(app)
    csrf.init_app(app)
    init_access(app, identify)
    limiter.init_app(app)
    init_language(app)
    init_templates(app)
    init_errors(app)
    init_headers(app)
    compress.init_app(app)
    _serve_static(app, settings)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign] # as below


def _serve_static(app: Flask, settings: Settings) -> None:
    """Static files by WhiteNoise: compressed where a compressed copy lies beside, immutable by hashed address."""
    noise = WhiteNoise(app.wsgi_app, autorefresh=not settings.production, max_age=31536000)
    noise.add_files(str(app.static_folder), prefix="static/")
    app.wsgi_app = noise  # type: ignore[method-assign] # Flask's documented way to wrap
