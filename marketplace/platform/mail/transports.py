"""How a message leaves: by SMTP, or into a folder where no mail server is at hand."""

import os
import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from config import BadSetting
from marketplace.platform.mail.models import OutgoingMail

TIMEOUT_SECONDS = 10


class Transport(Protocol):
    """Hands one message over, or raises OSError or smtplib.SMTPException; handing it over again is harmless."""

    def send(self, message: EmailMessage) -> None: ...


class FolderTransport:
    """Writes each message as `<Message-ID>.eml`; a repeat replaces itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the file whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        part = self.folder / f".{name}.{os.getpid()}"
        part.write_bytes(message.as_bytes())
        part.replace(self.folder / f"{name}.eml")


class SmtpTransport:
    """Hands messages to a mail server, one connection each."""

    def __init__(self, host: str, port: int, user: str = "", password: str = "") -> None:
        self.host, self.port, self.user, self.password = host, port, user, password

    def send(self, message: EmailMessage) -> None:
        """Deliver by SMTP, with STARTTLS where a user is given."""
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
            if self.user:
                server.starttls()
                server.login(self.user, self.password)
            server.send_message(message)


def transport_for(url: str) -> Transport:
    """The transport that MAIL_URL names: `file:FOLDER` or `smtp://[user:password@]host[:port]`."""
    if url.startswith("file:"):
        return FolderTransport(Path(url.removeprefix("file:")))
    parts = urlsplit(url)
    if parts.scheme == "smtp" and parts.hostname:
        return SmtpTransport(
            parts.hostname, parts.port or 25, unquote(parts.username or ""), unquote(parts.password or "")
        )
    raise BadSetting("MAIL_URL must read file:FOLDER or smtp://[user:password@]host[:port]")


def compose(mail: OutgoingMail, sender: str) -> EmailMessage:
    """The message that goes out: the same to the byte each time, so that a repeat is recognised."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.created_at)
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message.set_boundary(f"part-{mail.message_id.strip('<>').split('@')[0]}")
    return message
