"""Columns that are text or JSON in Python and sealed bytes in the database.

Empty text is stored as empty bytes and None as NULL, so that a constraint can still ask whether
anything is there. Nothing else can be asked of such a column: a filter on it is refused.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import DataError, models
from django.db.models.lookups import Exact, IsNull
from django.utils.functional import cached_property

from spona.base.sealing.box import seal, unseal

if TYPE_CHECKING:  # Django's own class takes no types while it runs
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField

EMPTY = b""


class ExactlyEmpty(Exact):
    """`column = ''`. Two sealed values of one text differ, so that more cannot be asked."""

    def get_prep_lookup(self) -> Any:
        if self.rhs is None or (isinstance(self.rhs, str) and not self.rhs):
            return self.rhs
        raise FieldError(_refusal(self.lhs.output_field.name, "exact"))


LOOKUPS: dict[str, Any] = {"exact": ExactlyEmpty, "isnull": IsNull}


def _refusal(name: str, lookup: str) -> str:
    return (
        f"{name} is sealed: it can be compared with nothing but the empty text and NULL,"
        f" and not be asked for {lookup}. Find the rows by something else and read it in Python."
    )


class Sealed(ABC):
    """What the two have in common; `_packed` and `_unpacked` are theirs."""

    name: str
    column: Any
    db_index: Any
    unique: Any
    model: type[models.Model]

    def get_internal_type(self) -> str:
        return "BinaryField"

    @cached_property
    def place(self) -> str:
        """What a value is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in LOOKUPS:
            raise FieldError(_refusal(self.name, lookup_name))
        return LOOKUPS[lookup_name]

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(_refusal(self.name, lookup_name))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or hasattr(value, "as_sql"):
            return value
        packed = self._packed(value)
        return seal(packed, self.place) if packed else EMPTY

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_db_prep_value(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return self._unpacked(unseal(bytes(value), self.place) if value else EMPTY)

    @abstractmethod
    def _packed(self, value: Any) -> bytes: ...

    @abstractmethod
    def _unpacked(self, plain: bytes) -> Any: ...


def sealed_of(model: type[models.Model]) -> list[Sealed]:
    """The sealed fields of its own table."""
    return [one for one in model._meta.local_concrete_fields if isinstance(one, Sealed)]


class SealedTextField(Sealed, TextField):
    """Text of at most `max_length` characters, where that is given."""

    def _packed(self, value: Any) -> bytes:
        text = str(value)
        if self.max_length is not None and len(text) > self.max_length:
            raise DataError(f"{self.place} holds at most {self.max_length} characters.")
        return text.encode()

    def _unpacked(self, plain: bytes) -> str:
        return plain.decode()


class SealedJSONField(Sealed, models.JSONField):
    """Whatever JSON can say, in the order in which it was said."""

    def _packed(self, value: Any) -> bytes:
        said = json.dumps(value, cls=self.encoder, ensure_ascii=False, separators=(",", ":"))
        return said.encode()

    def _unpacked(self, plain: bytes) -> Any:
        return json.loads(plain, cls=self.decoder)
