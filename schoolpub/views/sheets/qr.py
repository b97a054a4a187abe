"""The square code on a sheet: the page's address and, behind `#`, the whole digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO


def address(url: str, digest: str) -> str:
    """Return what the square code says."""
    return f"{url}#{digest}"


def qr(url: str, digest: str) -> str:
    """Return the square code of *url* and *digest* as SVG text that takes the size of its frame."""
    import segno

    out = BytesIO()
    # Never the small form: many telephones cannot read it.
    code = segno.make_qr(address(url, digest), error="m")
    code.save(
        out, kind="svg", border=4, xmldecl=False, omitsize=True, title="核对码", nl=False, svgclass="qr", lineclass=None
    )
    return out.getvalue().decode()


def plain(text: str) -> str:
    """Return the square code of *text* as SVG for paper."""
    import segno

    out = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", border=4, xmldecl=False, omitsize=True, nl=False, svgclass="qr", lineclass=None)
    return out.getvalue().decode()


def picture(text: str) -> str:
    """Return the square code of *text*, an `address`, as a picture to stand in a page's `src`, one point a module.

    Each of the eight masks is valid; trying them all to choose one takes longer than the rest of a page.
    """
    import segno

    code = segno.make_qr(text, error="m", mask=2, boost_error=False)
    return str(code.png_data_uri(border=4))


@dataclass(slots=True)
class Squares:
    """The pictures of square codes, by what they say.

    Of all that a page shows they take longest to make, and no day changes them: whoever builds a site keeps them.
    """

    known: dict[str, str] = field(default_factory=dict)
    """Those that were made before."""
    used: dict[str, str] = field(default_factory=dict)

    def picture(self, text: str) -> str:
        """Return the picture of *text*."""
        if text not in self.used:
            self.used[text] = self.known.get(text) or picture(text)
        return self.used[text]
