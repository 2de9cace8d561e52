"""A worker with the guard off: it marks a message as sent before it hands it over. Run as a module by the test."""

from config import Settings
from marketplace.app import create_app
from marketplace.platform.core.clock import now
from marketplace.platform.mail import jobs
from marketplace.platform.mail.transports import compose, transport_for


def main() -> None:
    settings = Settings.from_environment()
    with create_app(settings).app_context():
        transport, at = transport_for(settings.mail_url), now()
        for mail in jobs._due(at):
            jobs._mark(mail, sent_at=at)
            transport.send(compose(mail, settings.mail_sender))


if __name__ == "__main__":
    main()
