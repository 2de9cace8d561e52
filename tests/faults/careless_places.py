"""A web server with the guard off: as many calls to the provider at a time as there are threads."""

from config import Settings
from marketplace.app import create_app
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.breaker import Breaker

app = create_app(Settings.from_environment())
app.extensions["payments"][PaymentMethod.CARD].breaker = Breaker(at_once=1000)
