"""The API answers as its own description says, whatever it is asked: Schemathesis over the OpenAPI document."""

from datetime import datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.builders import indexed, make_offer

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def _asked(operation: Any, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def answers(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:  # that one price must not pass the other, a schema cannot say
            assume(not {"price_min", "price_max"} <= set(case.query))
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    answers()


def test_the_api_keeps_its_word(app: Flask, at: datetime) -> None:
    make_offer(at=at)
    asked = []
    with indexed(app, at):
        for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            _asked(operation, GenerationMode.POSITIVE)
            if operation.query:  # a path alone can hardly be wrong
                _asked(operation, GenerationMode.NEGATIVE)
            asked.append(operation.path)
    assert sorted(asked) == [
        "/api/v1/categories",
        "/api/v1/certificates/{number}",
        "/api/v1/fairs",
        "/api/v1/producers",
        "/api/v1/producers/{slug}",
        "/api/v1/products",
        "/api/v1/products/{slug}",
        "/api/v1/showcase-points",
        "/api/v1/suggest",
        "/api/v1/totals",
    ]
