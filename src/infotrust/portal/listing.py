"""The catalogue as one file for machines, so that other portals can list it.

After DCAT-US 1.1 (resources.data.gov). Datasets about people are listed, never offered: `accessLevel` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infotrust.shared.catalogue import queries

if TYPE_CHECKING:
    from infotrust.shared.catalogue.models import PublicDataset, PublishedAnswer


def catalogue(address: str, publisher: str) -> dict[str, Any]:
    """`address`: the site's own, with a slash at the end."""
    datasets = [_dataset(one.dataset, address) for one in queries.find_datasets()]
    answers = [_answer(one, address, publisher) for one in queries.answers()]
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "dataset": answers + datasets,
    }


def _dataset(one: PublicDataset, address: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{address}data/{one.code}/",
        "title": one.title,
        "description": one.description or one.title,
        "keyword": [one.code],
        "modified": one.shown_at.date().isoformat(),
        "publisher": {"@type": "org:Organization", "name": one.agency},
        "accessLevel": "restricted public",
        "rights": "Records about people. Used only under a signed agreement.",
        "landingPage": f"{address}data/{one.code}/",
    }


def _answer(one: PublishedAnswer, address: str, publisher: str) -> dict[str, Any]:
    page = f"{address}answers/{one.slug}"
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{page}/",
        "title": one.title,
        "description": one.sentence or one.meaning,
        "keyword": [source["dataset"] for source in one.sources] or [one.slug],
        "modified": one.published_at.date().isoformat(),
        "publisher": {"@type": "org:Organization", "name": publisher},
        "accessLevel": "public",
        "landingPage": f"{page}/",
        "distribution": [
            {"@type": "dcat:Distribution", "downloadURL": f"{page}.csv", "mediaType": "text/csv"},
            {"@type": "dcat:Distribution", "downloadURL": f"{page}.json", "mediaType": "application/json"},
        ],
    }
