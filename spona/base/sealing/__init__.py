"""What says who a child is stands sealed in the database: a stolen dump shows no name (P11).

    given = SealedTextField(max_length=120, blank=True)     # spona.base.sealing.fields
    for key_id, key in search_keys(): ...                   # for keyed hashes of names

One instance has a ring of keys (`SPONA_IDENTITY_KEYS`). The first writes, all read, and none is in
the database (docs/decisions/0010).
"""

from spona.base.sealing.box import Unreadable, key_id_of, seal, unseal
from spona.base.sealing.keys import IdentityKeysError, newest, search_keys

__all__ = [
    "IdentityKeysError",
    "Unreadable",
    "key_id_of",
    "newest",
    "seal",
    "search_keys",
    "unseal",
]
