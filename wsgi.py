"""What the web server and the `flask` command import."""

from marketplace.app import create_app

app = create_app()
