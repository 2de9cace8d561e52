"""QR pictures for labels.

Error level M mends a smudged seventh of the code; a quiet zone of four modules is what the standard asks for.
"""

import io

import segno

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
QUIET_ZONE = 4  # modules
PNG_SCALE = 16  # dots a module: about 650 dots across, 55 mm at 300 dpi


def picture(address: str, form: str) -> bytes:
    """The address as a QR code, `svg` or `png`, black on white in any theme."""
    held = io.BytesIO()
    code = segno.make_qr(address, error="m", boost_error=False)
    if form == "svg":
        code.save(held, kind="svg", border=QUIET_ZONE, scale=1, light="#fff", omitsize=True, xmldecl=False, nl=False)
    else:
        code.save(held, kind="png", border=QUIET_ZONE, scale=PNG_SCALE)
    return held.getvalue()
