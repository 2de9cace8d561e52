"""`flask --app wsgi import …`: a file of the contract's columns, whole or not at all."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext

from marketplace.platform.core.access import system
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.imports.rules import Finding, Importer, Weight
from marketplace.platform.imports.sheets import Unreadable, read_sheet
from marketplace.platform.web.errors import sentence
from marketplace.registry.intake.services import CERTIFICATES
from marketplace.shop.intake.services import PRODUCTS

importing = AppGroup("import", help="Files brought in: CSV (UTF-8) or XLSX with a header row.")
SIGNS = {Weight.BAD: "BAD", Weight.WARNING: "warning", Weight.NOTE: "note"}

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Only report.")


@importing.command("certificates")
@_file
@_dry_run
def certificates(file: Path, dry_run: bool) -> None:
    """Bring certificates in; producers and products that are unknown are created, unverified."""
    _bring_in(CERTIFICATES, file, {}, dry_run=dry_run)


@importing.command("products")
@_file
@click.option("--publish", is_flag=True, help="Publish the listings, and verify their producers.")
@_dry_run
def products(file: Path, publish: bool, dry_run: bool) -> None:
    """Bring goods in: listings, variants and opening stock of certified products."""
    _bring_in(PRODUCTS, file, {"publish": publish}, dry_run=dry_run)


def _bring_in(kind: str, file: Path, options: Mapping[str, Any], *, dry_run: bool) -> None:
    importer: Importer = current_app.extensions["importers"][kind]
    by, at = system(f"flask import {kind}"), now()
    try:
        rows = read_sheet(file.read_bytes(), importer.columns)
    except Unreadable as refusal:
        message = refusal.fields["file"]
        raise click.ClickException(gettext(message) % refusal.facts) from refusal
    work = importer.prepare(rows, options, by=by, at=at, progress=lambda _done: None)
    for finding in work.checked.findings:
        click.echo(_said(finding))
    made = ", ".join(f"{name} {number}" for name, number in work.checked.summary.items() if number)
    if work.checked.bad_lines:
        raise click.ClickException(f"{work.checked.bad_lines} of {len(rows)} rows are bad; nothing was imported")
    if dry_run:
        click.echo(f"{len(rows)} rows are good ({made}); nothing was imported, this was a dry run")
        return
    started = time.perf_counter()
    try:
        with transaction():
            work.write()
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal)) from refusal
    click.echo(f"{len(rows)} rows imported ({made}) in one block of {time.perf_counter() - started:.2f} s")


def _said(finding: Finding) -> str:
    """`line 7, stars, BAD: why`."""
    reason = gettext(finding.reason) % finding.facts
    return f"line {finding.line}, {finding.column}, {SIGNS[finding.weight]}: {reason}"
