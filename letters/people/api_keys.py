"""Keys of the HTTP API, as owners hear of them."""

from fundraising.people.api_keys import ApiKey
from letters.language import Language


def made(_: Language, key: ApiKey) -> str:
    return _(
        "🔑 At the server, API key {id} was made: <b>{name}</b>, role {role}, acting as {person}. If you did not "
        "expect this, have it taken back there: trustvoice api-key revoke {id}",
        id=key.id,
        name=key.name,
        role=key.role,
        person=key.person.name,
    )
