"""`flask --app wsgi reconcile`: whether the books hold, and whether orders, providers and the bank tell the same."""

from collections.abc import Iterable

import click

from marketplace.platform.core.clock import day_of, now
from marketplace.shop.books.queries import verify
from marketplace.shop.books.rules import SHOWN, Finding, read_history
from marketplace.shop.reconciliation.queries import list_open
from marketplace.shop.reconciliation.rows import Bucket, Case, Side
from marketplace.shop.reconciliation.rules import alarms


@click.command("reconcile")
@click.option(
    "--history",
    type=click.File("r", encoding="utf-8"),
    help="What a client was told: lines of `acknowledged NUMBER` and `refused NUMBER-OR-KEY`, for I1.",
)
def reconcile(history: Iterable[str] | None) -> None:
    """Check the eleven invariants, then orders x providers x bank; exits 1 where one does not hold or match."""
    findings = verify(at=now(), history=None if history is None else read_history(history))
    for finding in findings:
        _tell(finding)
    cases = list_open(day_of(now()))
    for bucket in Bucket:
        _tell_bucket(bucket, [case for case in cases if case.bucket is bucket])
    if any(finding.faults for finding in findings) or alarms(cases):
        raise click.exceptions.Exit(1)


def _tell(finding: Finding) -> None:
    if not finding.asked:
        click.echo(f"{finding.code} not asked: no --history")
    elif not finding.faults:
        click.echo(f"{finding.code} holds")
    else:
        click.echo(f"{finding.code} broken: {len(finding.faults)}")
    for fault in finding.faults[:SHOWN]:
        click.echo(f"  {fault.what} {fault.where} {fault.figures}".rstrip())


def _tell_bucket(bucket: Bucket, cases: list[Case]) -> None:
    """How many cases, and the first of those that somebody must look at."""
    if bucket is Bucket.MATCHED or (bucket is not Bucket.ON_THE_WAY and not cases):
        return
    click.echo(f"accounts {bucket}: {len(cases)}")
    for case in cases[:SHOWN] if alarms(cases) else ():
        sides = {row.side for row in case.rows}
        told = " ".join(f"{side}={case.of(side).amount} {case.of(side).currency}" for side in Side if side in sides)
        click.echo(f"  {case.on} {case.name} {told}")
