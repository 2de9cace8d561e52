"""Response headers that every page carries. Nothing is inline, so the policy needs no nonce."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
CARD_PAGE = "https://checkout.stripe.com"  # where a form of ours may lead on to: the page that takes the card


def init_headers(app: Flask) -> None:
    """Set the security headers, and keep what is personal out of shared caches."""

    settings = app.config["SETTINGS"]
    policy = POLICY
    if settings.stripe_secret_key:
        policy += f" {settings.stripe_api_base or CARD_PAGE}"

    def add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), microphone=(), payment=()")
        if app.config["SETTINGS"].production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if not (request.path.startswith(("/static/", "/art/")) or _kept_for_ever(response)):
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.vary.add("Cookie")
        return response

    app.after_request(add)


def _kept_for_ever(response: Response) -> bool:
    """A picture that was found; a missing one is an ordinary page."""
    return request.path.startswith("/media/") and response.status_code == 200
