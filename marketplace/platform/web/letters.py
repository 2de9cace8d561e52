"""Letters from templates, in the language of who will read them."""

from flask import current_app, render_template
from flask_babel import force_locale

from marketplace.platform.mail.services import Letter


def compose(template: str, language: str, **facts: object) -> Letter:
    """The letter of `templates/emails/<template>/{subject.txt,body.txt,body.html}` in `vi` or `en`."""
    settings = current_app.config["SETTINGS"]
    known = {"site_url": settings.site_url, "site_name": settings.site_name, "letter_language": language, **facts}
    with force_locale(language):
        parts = [
            render_template(f"emails/{template}/{part}", **known) for part in ("subject.txt", "body.txt", "body.html")
        ]
    return Letter(" ".join(parts[0].split()), parts[1].strip() + "\n", parts[2])
