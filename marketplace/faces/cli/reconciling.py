"""`flask --app wsgi reconcile`: whether the books hold."""

from collections.abc import Iterable

import click

from marketplace.platform.core.clock import now
from marketplace.shop.books.queries import verify
from marketplace.shop.books.rules import SHOWN, read_history


@click.command("reconcile")
@click.option(
    "--history",
    type=click.File("r", encoding="utf-8"),
    help="What a client was told: lines of `acknowledged NUMBER` and `refused NUMBER-OR-KEY`, for I1.",
)
def reconcile(history: Iterable[str] | None) -> None:
    """Check the eleven invariants of orders, stock, money and trail; exits 1 where one does not hold."""
    findings = verify(at=now(), history=None if history is None else read_history(history))
    for finding in findings:
        if not finding.asked:
            click.echo(f"{finding.code} not asked: no --history")
        elif not finding.faults:
            click.echo(f"{finding.code} holds")
        else:
            click.echo(f"{finding.code} broken: {len(finding.faults)}")
        for fault in finding.faults[:SHOWN]:
            click.echo(f"  {fault.what} {fault.where} {fault.figures}".rstrip())
    if any(finding.faults for finding in findings):
        raise click.exceptions.Exit(1)
