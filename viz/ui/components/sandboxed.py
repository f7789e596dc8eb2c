"""A whole HTML document on a page, in a frame that can reach neither the page nor its cookies nor its server."""

from viz.ui.components.component import component


def sandboxed(html: str, *, width: int, height: int, title: str, key: str) -> None:
    """Show the document `html`, `height` pixels high; `title` says to a screen reader what it is.

    A document that shrinks in a frame of less than `width` pixels gets less height there; 0 is one that does not.
    """
    data = {"html": html, "width": width, "height": height, "title": title}
    component(__file__, "sandboxed")(key=key, data=data)
