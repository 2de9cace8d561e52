"""Letters from templates, in the language of who will read them."""

from flask import current_app

from marketplace.platform.mail.services import Letter
from marketplace.platform.web.language import in_language

PARTS = ("subject.txt", "body.txt", "body.html")


def compose(template: str, language: str, **facts: object) -> Letter:
    """The letter of `templates/emails/<template>/{subject.txt,body.txt,body.html}` in `vi` or `en`."""
    settings = current_app.config["SETTINGS"]
    known = {"site_url": settings.site_url, "site_name": settings.site_name, "letter_language": language, **facts}
    environment = current_app.jinja_env  # not render_template: a letter knows nothing of a request
    with in_language(language):
        parts = [environment.get_template(f"emails/{template}/{part}").render(**known) for part in PARTS]
    return Letter(" ".join(parts[0].split()), parts[1].strip() + "\n", parts[2])
