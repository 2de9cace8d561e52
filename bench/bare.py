"""The yardstick: a bare Flask page with the same cards, from memory. What Flask and Jinja cost with no shop behind."""

import json
import os
from pathlib import Path

from flask import Flask, render_template_string

app = Flask(__name__)
CARDS = json.loads(Path(os.environ["BARE_CARDS"]).read_text())
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Chợ</title></head><body><main><ul>
{% for card in cards %}<li><article>
<a href="{{ card.url }}"><img src="{{ card.image_url }}" alt="" width="320" height="240" loading="lazy"></a>
<p>{{ card.stars }} sao</p><h3><a href="{{ card.url }}">{{ card.name }}</a></h3>
<p>{{ card.producer.name }}, {{ card.commune }}</p><p>{{ card.summary }}</p>
<p>{{ "{:,}".format(card.price_vnd) }} ₫</p>
</article></li>{% endfor %}
</ul></main></body></html>"""


@app.get("/")
def cards() -> str:
    return render_template_string(PAGE, cards=CARDS)
