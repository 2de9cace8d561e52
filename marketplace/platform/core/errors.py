"""Refusals: facts named without suffix, defined beside the verb that raises them, answered in `web.errors`."""

from collections.abc import Mapping
from typing import ClassVar

from marketplace.platform.core.words import N_


class Refusal(Exception):
    """Something was asked that cannot be done. `message` is a translatable sentence; `facts` fill its gaps."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("Không làm được việc này.")

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts: dict[str, object] = facts


class NotFound(Refusal):
    """No such thing, or not yours to know of."""

    status = 404
    code = "not_found"
    message = N_("Không tìm thấy trang hoặc mục bạn cần.")


class Forbidden(Refusal):
    """The thing may be seen, but not by you, or not this done to it."""

    status = 403
    code = "forbidden"
    message = N_("Tài khoản của bạn không có quyền làm việc này.")


class Conflict(Refusal):
    """Somebody was there first, or the same key came with other content."""

    status = 409
    code = "conflict"
    message = N_("Dữ liệu vừa thay đổi. Hãy tải lại trang rồi thử lại.")


class Invalid(Refusal):
    """What was typed cannot be taken. `fields` maps a field's name to a translatable sentence."""

    status = 422
    code = "invalid"
    message = N_("Có chỗ cần sửa.")

    def __init__(self, fields: Mapping[str, str] | None = None, **facts: object) -> None:
        super().__init__(**facts)
        self.fields: dict[str, str] = dict(fields or {})
