"""The minutes of a meeting as a document, for the body itself: withheld passages are in it, and marked."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.documents import Document, Heading, Paragraph


def minutes(meeting: Any) -> Document:
    """Return the minutes as they stand now."""
    when = date_format(timezone.localtime(meeting.starts_at), "DATETIME_FORMAT")
    parts: list[Any] = []
    for passage in meeting.passages.all():
        if passage.heading:
            parts.append(Heading(passage.words, key=f"p{passage.position}"))
            continue
        parts.append(Paragraph(passage.words, key=f"p{passage.position}"))
        if passage.withheld_reason:
            parts.append(Paragraph(_("Not public: %(why)s") % {"why": passage.withheld_reason}, note=True))
    title = _("Minutes of the %(body)s") % {"body": meeting.body.name}
    return Document(title, tuple(parts), subtitle=when, footer=str(meeting.get_state_display()))
