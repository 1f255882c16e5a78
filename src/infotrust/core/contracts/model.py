"""What a delivery must look like, as values.

A `Contract` is what the agreements in force let one dataset deliver: its columns and nothing else. It is plain
data: made by `agreements.queries.contract_in_force`, sent to partners as a YAML file (`odcs`), and used by
`narrow` and `check`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from infotrust.core.elements import DataType, SemanticType, is_direct_identifier
from infotrust.core.errors import UserFacingError


@dataclass(frozen=True)
class Column:
    """One agreed column.

    `required`: the column must be in the file and each row must have a value (the meaning `required` has in the Open
    Data Contract Standard). A key column is always required. `codes` is empty where any value is allowed.
    `max_length` is in characters; `date_format` is that of `datetime.strptime` and used for dates only.
    """

    name: str
    type: DataType
    semantic: SemanticType
    required: bool = True
    key: bool = False
    codes: tuple[str, ...] = ()
    max_length: int = 200
    date_format: str = "%Y-%m-%d"
    title: str = ""

    @property
    def identifier(self) -> bool:
        """Whether the column goes to the vault of identifiers and never beside content."""
        return is_direct_identifier(self.semantic)

    @property
    def needed(self) -> bool:
        return self.required or self.key


@dataclass(frozen=True)
class Contract:
    """`most_rejected`: the share of rows (0 to 1) above which the whole delivery is refused."""

    dataset: str
    title: str
    version: str
    agreements: tuple[str, ...]
    columns: tuple[Column, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    most_rejected: float = 0.2

    def __post_init__(self) -> None:
        folded = [fold(column.name) for column in self.columns]
        if not folded or len(set(folded)) != len(folded) or "" in folded:
            raise UserFacingError(
                f"The contract of dataset {self.dataset} has no columns, or two columns of one name.",
                next_step="Correct the fields in the inventory or in the agreement.",
            )
        # Files are read as UTF-8 whatever a machine's own habit: anything else is refused with an explanation.
        if codecs.lookup(self.encoding).name != "utf-8":
            raise UserFacingError(
                f"The contract of dataset {self.dataset} asks for an encoding other than UTF-8.",
                next_step="Set the encoding to utf-8.",
            )

    @property
    def keys(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.key)

    @property
    def content_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.identifier)

    def without(self, names: frozenset[str]) -> Contract:
        """Return the contract without the columns called `names`."""
        from dataclasses import replace

        return replace(self, columns=tuple(column for column in self.columns if column.name not in names))

    def to_odcs(self) -> str:
        """Return the contract as YAML of the Open Data Contract Standard, version 3.1."""
        from infotrust.core.contracts.odcs import to_odcs

        return to_odcs(self)

    @staticmethod
    def from_odcs(text: str) -> Contract:
        """Read a contract from YAML that `to_odcs` wrote; raise `UserFacingError` where it is not one."""
        from infotrust.core.contracts.odcs import from_odcs

        return from_odcs(text)


def fold(name: str) -> str:
    """Return the form in which column names are compared: spaces around and upper case make no difference."""
    return name.strip().casefold()
