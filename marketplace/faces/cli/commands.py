"""`flask --app wsgi …`: thin faces over services."""

import secrets
import time
from base64 import b64encode

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from marketplace.faces.cli.demo.generating import generate, was_generated
from marketplace.faces.cli.demo.loading import is_empty
from marketplace.faces.cli.importing import importing
from marketplace.faces.cli.reconciling import reconcile
from marketplace.faces.cli.serving import load_and_tell, serve
from marketplace.faces.storefront.stamp import printed_keys
from marketplace.office.renewals.jobs import watch_certificates
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.passwords import hash_password
from marketplace.people.accounts.rules import check_password, read_email
from marketplace.people.accounts.services import NewAccount, create_user, disable_user
from marketplace.platform.audit.jobs import broken_positions, head, holds_head, unsealed_before
from marketplace.platform.audit.queries import is_cut
from marketplace.platform.core.access import system
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.jobs.worker import work
from marketplace.registry.stamps.rules import public_key
from marketplace.shop.search.jobs import rebuild

users = AppGroup("user", help="Accounts.")
searching = AppGroup("search", help="The search index.")
auditing = AppGroup("audit", help="The trail.")
certificates = AppGroup("certificates", help="Certificates: notices before they lapse, the key of their stamps.")
demo = AppGroup("demo", help="The demonstration province.")


def init_commands(app: Flask) -> None:
    """Attach the commands."""
    for group in (users, searching, auditing, demo, importing, certificates):
        app.cli.add_command(group)
    app.cli.add_command(reconcile)
    app.cli.add_command(worker)
    app.cli.add_command(serve)


@users.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="The person's name; the address's first part when left out.")
@click.option("--organisation", default="", help="For producers and distributors: the organisation's name.")
@click.option("--unit", default="", help="For officers: the code of their commune, former district or province.")
@click.password_option()
def create(email: str, role: str, name: str, organisation: str, unit: str, password: str) -> None:
    """Make an account of any role."""
    try:
        address = read_email(email)
        check_password(password, email=address, name=name)
        account = NewAccount(
            email=address,
            name=name or address.split("@")[0],
            password_hash=hash_password(password),
            role=Role(role),
            organisation_name=organisation,
            unit_code=unit,
        )
        with transaction():
            create_user(account=account, by=system("flask user create"), at=now())
    except Invalid as invalid:
        raise click.ClickException("; ".join(f"{k}: {v}" for k, v in invalid.fields.items())) from invalid
    click.echo(f"{address}: {role}")


@users.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Stop an account at once, its sign-ins with it."""
    with transaction():
        disable_user(email=read_email(email), by=system("flask user disable"), at=now())
    click.echo(f"{email}: disabled")


@searching.command("rebuild")
def rebuild_index() -> None:
    """Build the search index anew from the tables."""
    started = time.perf_counter()
    found = rebuild(now())
    click.echo(f"{found} listings indexed in {time.perf_counter() - started:.1f} s")


@auditing.command("verify")
@click.option("--head", "noted", metavar="POSITION:SEAL", help="A head noted earlier: says whether rows were cut off.")
def verify_trail(noted: str | None) -> None:
    """Check the trail's hash chain and print its head; exits 1 where it does not hold."""
    broken, unsealed = broken_positions(), unsealed_before()
    if broken:
        raise click.ClickException(f"the chain does not hold at {broken[:20]}")
    if unsealed:
        raise click.ClickException(f"rows that had been sealed have lost their seal: {unsealed[:20]}")
    if noted is not None:
        position, _, seal = noted.partition(":")
        if not (position.isascii() and position.isdecimal()) or not holds_head(int(position), seal):
            raise click.ClickException(f"position {position} is gone or differs: rows were cut off")
    if is_cut():
        raise click.ClickException("a head that an earlier walk noted is gone: rows were cut off")
    click.echo("the chain holds; its head is {}:{}".format(*head()))


@certificates.command("expire")
def expire() -> None:
    """Ask for the notices that are due before certificates lapse; the worker writes them. A lapse needs no command."""
    click.echo(f"{watch_certificates(now())} notices asked for")


@certificates.command("key")
def show_key() -> None:
    """Print the public key that checks what labels carry, then those of before."""
    for key in printed_keys():
        click.echo(key)


@certificates.command("new-key")
def make_key() -> None:
    """Make a key to sign labels with; it is printed once and kept nowhere."""
    seed = secrets.token_bytes(32)
    click.echo(f"SIGNING_KEY={b64encode(seed).decode()}")
    click.echo(f"# its public key: {b64encode(public_key(seed)).decode()}")
    if current_app.config["SETTINGS"].signing_key:  # what is derived for development must never be trusted elsewhere
        click.echo(f"# labels printed until now stay good with: SIGNING_KEYS_BEFORE={','.join(printed_keys())}")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are accounts already.")
def load(if_empty: bool) -> None:
    """Load the demonstration province, and index it."""
    if not is_empty():
        if if_empty:
            return
        raise click.ClickException("the database already has accounts; the demonstration is for an empty one")
    load_and_tell()


@demo.command("generate")
@click.option("--products", type=click.IntRange(1, 1_000_000), required=True, help="How many to make.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same goods.")
def generate_goods(products: int, seed: int) -> None:
    """Make products for measuring, and index them."""
    if was_generated(seed):
        raise click.ClickException(f"the products of seed {seed} are here already; take another seed")
    started = time.perf_counter()
    made = generate(products=products, seed=seed, at=now())
    rebuild(now())
    click.echo(f"{made} products of seed {seed} made and indexed in {time.perf_counter() - started:.1f} s")


@click.command("worker")
def worker() -> None:
    """Deliver mail, do jobs, follow changes into the index, seal the trail."""
    work(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 - Flask's documented way
