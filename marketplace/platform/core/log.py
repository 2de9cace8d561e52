"""The log: one structured line an event, each with the id of what was being done."""

import logging
import sys

import structlog

from config import Settings

log = structlog.get_logger("marketplace")


def init_log(settings: Settings) -> None:
    """Configure the process's log: JSON lines in production, text elsewhere; quiet in tests."""
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if settings.environment == "testing" else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
