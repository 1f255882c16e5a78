"""What a delivery must look like, and the check of a file against it.

`narrow` reads a partner's file as a stream and passes on the agreed columns only; `check` tells accepted rows from
rejected ones. Neither ever puts a value about a person in a message. Use: `infotrust check-delivery`.
"""

from infotrust.core.contracts.model import Column, Contract

__all__ = ["Column", "Contract"]
