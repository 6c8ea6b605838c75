"""JSON whose amounts are exact: decimals are written as they are, with no float in between."""

from typing import Any

import msgspec
from pydantic import BaseModel

from webhooks.api.calls import Reply

ENCODER = msgspec.json.Encoder(decimal_format="number")
encode = ENCODER.encode


def rendered(reply: Reply) -> bytes:
    content = reply.content
    if isinstance(content, BaseModel):
        return encode(plain(content))
    return encode([plain(each) for each in content])


def plain(model: BaseModel) -> dict[str, Any]:
    return model.model_dump()
