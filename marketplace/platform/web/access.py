"""Access is closed by default: a route says who may call it, or nobody may."""

from collections.abc import Callable

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.platform.core.access import GUEST, Actor, Permission
from marketplace.platform.core.errors import Forbidden


class PermissionMissing(AssertionError):
    """A route does not say who may call it."""


def init_access(app: Flask, identify: Callable[[], Actor]) -> None:
    """Check each request's route against who asks. `identify` tells who: the accounts room provides it."""
    app.extensions["identify"] = identify
    app.before_request(_check)


def current_actor() -> Actor:
    """Who asks in this request, looked up once."""
    if "actor" not in g:
        g.actor = current_app.extensions["identify"]()
    actor: Actor = g.actor
    return actor


def permission_of(endpoint: str) -> Permission | None:
    """What the endpoint's view function says; static files are public."""
    permission = getattr(current_app.view_functions[endpoint], "permission", None)
    return permission if isinstance(permission, Permission) else None


def _check() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    permission = permission_of(request.endpoint)
    if permission is None:
        raise PermissionMissing(f"{request.endpoint} names no permission: decorate it with @allow(...)")
    if request.method not in ("GET", "HEAD"):
        current_actor()  # looked up now: noting that a sign-in is in use must not fall inside the view's write block
    if permission.public:
        return None
    actor = current_actor()
    if permission.held_by(actor):
        return None
    if actor == GUEST and not request.path.startswith("/api/"):
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
    raise Forbidden
