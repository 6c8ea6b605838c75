"""GET /docs: the HTTP API to read and to try. Everything comes from here; a browser is told to fetch nothing else."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import web

[SWAGGER_UI] = Path(str(files("swagger_ui_bundle"))).glob("vendor/swagger-ui-*")
PACKAGED = ("swagger-ui.css", "swagger-ui-bundle.js")
START = "start.js"
PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>TrustVoice: HTTP API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/{START}"></script>
</body>
</html>
"""
# This Swagger UI knows OpenAPI 3.0 by name only; what our document uses of 3.1, it shows all the same.
SCRIPT = """fetch("/openapi.json").then((answer) => answer.json()).then((document) =>
  SwaggerUIBundle({
    spec: { ...document, openapi: "3.0.3" },
    dom_id: "#api",
    deepLinking: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: ["get", "post"],
  }),
);
"""
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
KEPT = {**SECURITY, "Cache-Control": "public, max-age=86400"}
FRESH = {**SECURITY, "Cache-Control": "no-cache"}


def add(app: web.Application, document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False)

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type="application/json", headers=FRESH)

    app.router.add_get("/openapi.json", openapi)
    app.router.add_get("/docs", page)
    app.router.add_get("/docs/{asset}", asset)


async def page(_request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html", headers=FRESH)


async def asset(request: web.Request) -> web.StreamResponse:
    name = request.match_info["asset"]
    if name == START:
        return web.Response(text=SCRIPT, content_type="text/javascript", headers=FRESH)
    if name in PACKAGED:
        return web.FileResponse(SWAGGER_UI / name, headers=KEPT)
    raise web.HTTPNotFound
