"""Discord's HTTP side: every request is recorded, meets what a test has scripted, is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from testing.loopback.faults import Fault, Limit
from testing.loopback.records import Journal, Request, Upload
from testing.loopback.rest import ENDPOINTS, Call, Endpoint
from testing.loopback.state import Refused, State

PREFIX = "/api/v10"
ORDINARY_LIMIT = (50, 1.0)  # requests in seconds, for each route and its major parameters
REQUEST_LIMIT = 25 * 1024 * 1024  # bytes
_RECORD = web.RequestKey("record", Request)
_MAJOR = ("channel", "guild", "application", "token", "interaction")
_ERROR_CODES = {401: 0, 403: 50013, 404: 10008}


class Api:
    """What aiohttp serves below /api/v10, and the files below /attachments."""

    def __init__(
        self, token: str, state: State, heard: Callable[[Request], None] = lambda _: None
    ) -> None:
        self.token = token
        self.state = state
        self.gateway_url = ""
        self.journal: Journal[Request] = Journal("request")
        self.faults: list[Fault] = []
        self.limits: list[Limit] = []
        self.failures: list[str] = []
        self._heard = heard
        self._ordinary = Limit("*", "*", *ORDINARY_LIMIT)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self.deal_with], client_max_size=REQUEST_LIMIT)
        app.router.add_get("/attachments/{rest:.*}", self._file)
        for method, path, function in ENDPOINTS:
            app.router.add_route(method, PREFIX + path, self._handler(path, function))
        return app

    def forget(self) -> None:
        """Lets go of requests that were answered, faults that were met, and limits' windows."""
        self.journal.forget()
        self.faults[:] = [fault for fault in self.faults if fault.times > 0]
        for limit in (self._ordinary, *self.limits):
            limit.forget()

    async def _file(self, request: web.Request) -> web.Response:
        file = self.state.files.get(request.path)
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.content_type)

    @web.middleware
    async def deal_with(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Record a request to the API before, and its answer after, it is dealt with."""
        arrived = time.monotonic()
        if not request.path.startswith(PREFIX):
            answer: web.StreamResponse = await handler(request)
            return answer
        record = await self._record(request, arrived)
        request[_RECORD] = record
        self.journal.add(record)
        try:
            fault = self._next_fault(record)
            response = await self._meet(fault, request, record) or await handler(request)
            if fault is not None and fault.drop and fault.carried_out:
                response = _cut(request, record)
        except Refused as refused:
            response = _json({"code": refused.code, "message": refused.message}, refused.status)
        except web.HTTPException as error:
            self.failures.append(f"The loopback has no {record.method} {record.path}.")
            response = _json({"code": 0, "message": f"{error.status}: {error.reason}"}, 404)
        except Exception as error:
            where = f"{record.method} {record.path}"
            self.failures.append(f"The loopback failed at {where}: {error!r}")
            response = _json({"code": 0, "message": "The loopback failed."}, 501)
        if isinstance(response, web.Response) and response.body:
            record.answer = json.loads(response.text or "null")
        # Last: another thread takes a request with a status for one that is all there.
        if record.status is None:
            record.status = response.status
        self.journal.changed()
        self._heard(record)
        return response

    async def _record(self, request: web.Request, arrived: float) -> Request:
        body: Any = None
        files: list[Upload] = []
        multipart = request.content_type == "multipart/form-data"
        if multipart:
            async for part in await request.multipart():
                data = bytes(await part.read())  # type: ignore[union-attr]  # never nested
                if part.name == "payload_json":  # type: ignore[union-attr]
                    body = json.loads(data)
                else:
                    files.append(_upload(part, data))
        elif request.can_read_body:
            text = await request.text()
            body = json.loads(text) if text else None
        path = request.path.removeprefix(PREFIX)
        headers = dict(request.headers)
        authorization = headers.pop("Authorization", None)
        return Request(
            request.method,
            path,
            dict(request.query),
            headers,
            authorization and authorization.split()[0],
            body,
            tuple(files),
            arrived,
            multipart,
            self._interaction_of(path),
        )

    def _interaction_of(self, path: str) -> int | None:
        match path.split("/")[1:]:
            case ["interactions", id_, *_]:
                return int(id_)
            case ["webhooks", _, token, *_]:
                return self.state.id_by_token(token)
        return None

    def _next_fault(self, record: Request) -> Fault | None:
        return next((f for f in self.faults if f.matches(record.method, record.path)), None)

    async def _meet(
        self, fault: Fault | None, request: web.Request, record: Request
    ) -> web.Response | None:
        if fault is None:
            return None
        fault.times -= 1
        await asyncio.sleep(fault.delay)
        if fault.drop:
            return None if fault.carried_out else _cut(request, record)
        if fault.status is None:
            return None
        if fault.status == 429:
            return _too_many(fault.retry_after, fault.everywhere, via=fault.by_discord)
        code = _ERROR_CODES.get(fault.status, 0)
        return _json({"code": code, "message": f"{fault.status}: scripted"}, fault.status)

    def _handler(self, path: str, function: Endpoint) -> Callable[[web.Request], Any]:
        public = path.startswith(("/interactions/", "/webhooks/"))

        async def handle(request: web.Request) -> web.Response:
            record = request[_RECORD]
            if not public and request.headers.get("Authorization") != f"Bot {self.token}":
                return _json({"code": 0, "message": "401: Unauthorized"}, 401)
            names: Mapping[str, str] = request.match_info
            major = [names[name] for name in _MAJOR if name in names]
            headers = self._take(record, "+".join([record.method, path, *major]))
            if headers["X-RateLimit-Remaining"] == "-1":
                return _too_many(float(headers["X-RateLimit-Reset-After"]), everywhere=False)
            answer = function(Call(self.state, record, names, self.gateway_url))
            if answer is None:
                return web.Response(status=204, headers=headers)
            created = record.method == "POST" and path.endswith("/threads")
            return _json(answer, 201 if created else 200, headers)

        return handle

    def _take(self, record: Request, bucket: str) -> dict[str, str]:
        """The rate limit's headers, with this request counted."""
        limit = next((one for one in self.limits if one.matches(record.method, record.path)), None)
        if limit is None:
            limit = self._ordinary
        left, reset_after = limit.take(bucket)
        return {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": f"{hash(bucket) & 0xFFFFFFFF:08x}",
        }


def _cut(request: web.Request, record: Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    record.status = 0
    return web.Response()  # which nobody will get


def _upload(part: Any, data: bytes) -> Upload:
    kind = part.headers.get("Content-Type", "application/octet-stream")
    return Upload(part.name or "", part.filename or "", kind, data)


def _json(answer: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only where the content type carries no charset.
    return web.Response(
        body=json.dumps(answer).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def _too_many(retry_after: float, everywhere: bool, *, via: bool = True) -> web.Response:
    body = {
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": everywhere,
        "code": 0,
    }
    headers = {
        "Retry-After": f"{max(1, round(retry_after))}",
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    if via:
        headers["Via"] = "1.1 google"
    return _json(body, 429, headers)
