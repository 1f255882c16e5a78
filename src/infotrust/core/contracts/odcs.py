"""The contract as a file a partner can read and other tools understand.

Written in the Open Data Contract Standard 3.1 (https://bitol-io.github.io/open-data-contract-standard/); what the
standard has no word for is kept under `customProperties` with names of our own.
"""

from __future__ import annotations

from typing import Any

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import ValidationError

from infotrust.core.contracts.model import Column, Contract
from infotrust.core.elements import DataType, SemanticType
from infotrust.core.errors import UserFacingError

API_VERSION = "v3.1.0"
# A contract is a few kilobytes; a larger file is not one.
LARGEST_CONTRACT = 1_000_000

LOGICAL = {
    DataType.TEXT: "string",
    DataType.CODE: "string",
    DataType.INTEGER: "integer",
    DataType.DECIMAL: "number",
    DataType.DATE: "date",
    DataType.BOOLEAN: "boolean",
}
# The standard writes date formats as Java does; the checker reads Python's, which are kept beside them.
JAVA_DATE = {"%Y": "yyyy", "%m": "MM", "%d": "dd", "%y": "yy", "%b": "MMM", "%B": "MMMM", "%j": "DDD"}


def to_odcs(contract: Contract) -> str:
    """Return `contract` as YAML."""
    document = OpenDataContractStandard(
        apiVersion=API_VERSION,
        kind="DataContract",
        id=contract.dataset,
        name=contract.title,
        version=contract.version,
        status="active",
        schema=[
            SchemaObject(
                name=contract.dataset,
                logicalType="object",
                physicalType="csv",
                description=contract.title,
                properties=[_property(column, contract) for column in contract.columns],
            )
        ],
        customProperties=_custom(
            agreements=list(contract.agreements),
            encoding=contract.encoding,
            delimiter=contract.delimiter,
            mostRejected=contract.most_rejected,
        ),
    )
    return document.to_yaml()


def from_odcs(text: str) -> Contract:
    """Read what `to_odcs` wrote; raise `UserFacingError` where it is not a contract of this trust."""
    if len(text) > LARGEST_CONTRACT:
        raise _unreadable("it is too large")
    try:
        document = OpenDataContractStandard.from_string(text)
    except (yaml.YAMLError, ValidationError, TypeError, ValueError, RecursionError) as problem:
        raise _unreadable("it is not a data contract in YAML") from problem
    if not document.schema_ or not document.schema_[0].properties:
        raise _unreadable("it has no columns")
    extra = _read_custom(document.customProperties)
    try:
        return Contract(
            dataset=document.id or "",
            title=document.name or "",
            version=document.version or "",
            agreements=tuple(extra.get("agreements", ())),
            columns=tuple(_column(each) for each in document.schema_[0].properties),
            encoding=str(extra.get("encoding", "utf-8")),
            delimiter=str(extra.get("delimiter", ",")),
            most_rejected=float(extra.get("mostRejected", 0.2)),
        )
    except (KeyError, TypeError, ValueError, LookupError) as problem:
        raise _unreadable("a column is described in a way this trust does not know") from problem


def _unreadable(why: str) -> UserFacingError:
    return UserFacingError(
        f"The contract cannot be read: {why}.",
        next_step="Download the contract again from the page of the dataset's deliveries.",
    )


def _custom(**values: Any) -> list[CustomProperty]:
    return [CustomProperty(property=name, value=value) for name, value in values.items()]


def _read_custom(properties: list[CustomProperty] | None) -> dict[str, Any]:
    return {each.property: each.value for each in properties or () if each.property}


def _java_date(date_format: str) -> str:
    for python, java in JAVA_DATE.items():
        date_format = date_format.replace(python, java)
    return date_format


def _property(column: Column, contract: Contract) -> SchemaProperty:
    options: dict[str, Any] = {}
    extra: dict[str, Any] = {"dataType": column.type.value, "maxLength": column.max_length}
    if LOGICAL[column.type] == "string":
        options["maxLength"] = column.max_length
    if column.type is DataType.DATE:
        options["format"] = _java_date(column.date_format)
        extra["dateFormat"] = column.date_format
    if column.codes:
        extra["codes"] = list(column.codes)
    return SchemaProperty(
        name=column.name,
        businessName=column.title or None,
        logicalType=LOGICAL[column.type],
        physicalType="text",
        logicalTypeOptions=options or None,
        required=column.needed,
        primaryKey=column.key or None,
        primaryKeyPosition=contract.keys.index(column) + 1 if column.key else None,
        classification="identifier" if column.identifier else "content",
        customProperties=_custom(semanticType=column.semantic.value, **extra),
    )


def _column(each: SchemaProperty) -> Column:
    extra = _read_custom(each.customProperties)
    key = bool(each.primaryKey)
    return Column(
        name=each.name or "",
        type=DataType(extra["dataType"]),
        semantic=SemanticType(extra["semanticType"]),
        required=bool(each.required),
        key=key,
        codes=tuple(str(code) for code in extra.get("codes", ())),
        max_length=int(extra.get("maxLength", 200)),
        date_format=str(extra.get("dateFormat", "%Y-%m-%d")),
        title=each.businessName or "",
    )
