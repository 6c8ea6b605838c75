"""How the documentation describes what is not the API itself: for M-Pesa, Telegram, supervisors and browsers."""

from typing import Any

Json = dict[str, Any]
ANYTHING: Json = {}
TEXT: Json = {"type": "string"}
WELL: Json = {"type": "string", "enum": ["ok", "out of reach"]}
ANSWER: Json = {
    "type": "object",
    "required": ["ResultCode", "ResultDesc"],
    "properties": {"ResultCode": {"type": "integer"}, "ResultDesc": TEXT},
}
SIGNED: list[Json] = [{"key": []}]
PROBLEM: Json = {"$ref": "#/components/schemas/ProblemOut"}
FILES = ("text/css", "text/javascript", "application/javascript")  # machines differ in what they call a script
READINESS: Json = {
    "type": "object",
    "required": ["status", "storage"],
    "properties": {
        "status": {"type": "string", "enum": ["ready", "not ready"]},
        "storage": WELL,
        "telegram": WELL,
        "mpesa": WELL,
        "since": {"type": "object", "additionalProperties": {"type": "string", "format": "date-time"}},
    },
}
PAID: Json = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "29115-34620561-1",
            "CheckoutRequestID": "ws_CO_191220191020363925",
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 500},
                    {"Name": "MpesaReceiptNumber", "Value": "TKM1AB2CD3"},
                    {"Name": "TransactionDate", "Value": 20251122102115},
                    {"Name": "PhoneNumber", "Value": 254708374149},
                ]
            },
        }
    }
}
RESULT: Json = {
    "Result": {
        "ResultType": 0,
        "ResultCode": 2001,
        "ResultDesc": "The initiator information is invalid.",
        "OriginatorConversationID": "K4X7Q2M9B6T3Z5H2N7A",
        "ConversationID": "AG_20251122_00004e1a2b3c4d5e6f7a",
        "TransactionID": "TKM2EF3GH4",
    }
}
CALLBACKS = {
    "": ("How a prompt on a donor's phone ended", PAID),
    "/b2c/result": ("How a payout ended", RESULT),
    "/b2c/timeout": ("A payout waited too long in M-Pesa's queue: nothing is known of its end", RESULT),
    "/status/result": ("M-Pesa's answer to a question about one transaction", RESULT),
    "/balance/result": ("M-Pesa's answer to a question about the balance", RESULT),
}
STORED = (
    "Answered 200 as soon as it is stored, whatever it says, and weighed afterwards. Only with the token that M-Pesa "
    "was given for this one payment can it move money."
)


def answers(description: str, schema: Json, media_type: str = "application/json", example: Any = None) -> Json:
    content = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {"description": description, "content": {media_type: content}}


METRICS: Json = {
    "200": answers("Numbers", TEXT, "text/plain"),
    "401": answers("`unauthenticated`", PROBLEM, "application/problem+json"),
    "403": answers("`not_allowed`", PROBLEM, "application/problem+json"),
}


def paths() -> dict[str, Json]:
    return {**webhooks(), **for_supervisors(), **for_browsers()}


def webhooks() -> dict[str, Json]:
    found: dict[str, Json] = {}
    for alias in ("mpesa", "daraja"):
        for path, (summary, example) in CALLBACKS.items():
            plain = {"tags": ["M-Pesa"], "summary": summary, "description": STORED, **taken(example)}
            found[f"/webhooks/{alias}{path}"] = {"post": plain}
            found[f"/webhooks/{alias}{path}/{{token}}"] = {"post": {**plain, "parameters": [in_path("token", TEXT)]}}
    found["/webhooks/telegram"] = {"post": telegram_update()}
    return found


def taken(example: Json) -> Json:
    body = {"required": True, "content": {"application/json": {"schema": ANYTHING, "example": example}}}
    said = {"400": "Not JSON", "413": "Over 64 KB", "415": "Sent with a Content-Encoding"}
    said["503"] = "Not stored: please send it again"
    refused = {status: answers(text, ANSWER) for status, text in said.items()}
    return {"requestBody": body, "responses": {"200": answers("Stored", ANSWER), **refused}}


def telegram_update() -> Json:
    secret = {"name": "X-Telegram-Bot-Api-Secret-Token", "in": "header", "schema": TEXT}
    update = {"type": "object", "required": ["update_id"], "properties": {"update_id": {"type": "integer"}}}
    said = {
        "200": "Stored",
        "400": "Not an update",
        "403": "Without the secret that Telegram was given",
        "413": "Over 1 MB",
        "415": "Sent with a Content-Encoding",
        "503": "Not stored: Telegram sends it again",
    }
    return {
        "tags": ["Telegram"],
        "summary": "An update of Telegram, in webhook mode",
        "parameters": [secret],
        "requestBody": {"required": True, "content": {"application/json": {"schema": update}}},
        "responses": {status: {"description": text} for status, text in said.items()},
    }


def for_supervisors() -> dict[str, Json]:
    alive = {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}}
    ready = {"200": answers("Callbacks are taken", READINESS), "503": answers("Callbacks cannot be stored", READINESS)}
    return {
        "/healthz": {"get": described("Health", "Is the process alive?", {"200": answers("It is", alive)})},
        "/readyz": {"get": described("Health", "Can it take callbacks, and what is out of reach?", ready)},
        "/metrics": {"get": described("Health", "What Prometheus reads", METRICS) | {"security": SIGNED}},
    }


def for_browsers() -> dict[str, Json]:
    page = {"200": answers("A page", TEXT, "text/html")}
    campaign = page | {"404": answers("There is no such campaign", TEXT, "text/html")}
    asset = {"type": "string", "enum": ["swagger-ui.css", "swagger-ui-bundle.js", "start.js"]}
    file = {"description": "A file", "content": {kind: {"schema": TEXT} for kind in FILES}}
    files = {"200": file, "404": {"description": "There is no such file"}}
    document = {"200": answers("An OpenAPI 3.1 document", {"type": "object"})}
    of_slug = {"parameters": [in_path("slug", TEXT)]}
    return {
        "/c/{slug}": {"get": described("Pages", "A campaign's public page", campaign) | of_slug},
        "/docs": {"get": described("Pages", "This documentation", page)},
        "/docs/{asset}": {
            "get": described("Pages", "What the documentation consists of", files)
            | {"parameters": [in_path("asset", asset)]}
        },
        "/openapi.json": {"get": described("Pages", "This document", document)},
    }


def described(tag: str, summary: str, responses: Json) -> Json:
    return {"tags": [tag], "summary": summary, "responses": responses}


def in_path(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}
