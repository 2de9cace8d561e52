"""What kinds of support are called, on the office's desk and the producer's."""

from flask_babel import lazy_gettext as _l

from marketplace.office.support.models import SupportKind

SUPPORT_KINDS = {
    SupportKind.SUBSIDY: _l("Hỗ trợ tiền"),
    SupportKind.TRAINING: _l("Tập huấn"),
    SupportKind.PACKAGING: _l("Bao bì, nhãn"),
    SupportKind.TESTS: _l("Kiểm nghiệm"),
    SupportKind.OTHER: _l("Hỗ trợ khác"),
}
