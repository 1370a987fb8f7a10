"""The Analytics REST resources of the practice org: report types, the error report, its runs."""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tui.sandbox import report, report_run
from tui.sandbox.answers import ApiError, Handler
from tui.sandbox.state import World

RUNS_AN_HOUR = {"synchronously": 500, "asynchronously": 1200}


class Analytics:
    """The resources over one world; results of asynchronous runs are kept as long as the org is served."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.instances: dict[str, tuple[dict[str, Any], str]] = {}
        self.runs: dict[str, deque[float]] = {kind: deque() for kind in RUNS_AN_HOUR}

    def table(self, root: str) -> list[tuple[str, Handler, list[str]]]:
        """Path below `root`, handler, methods."""
        return [
            (f"{root}/report-types", self.report_types, ["GET"]),
            (f"{root}/reportTypes", self.report_types, ["GET"]),
            (f"{root}/report-types/{{type}}", self.report_type, ["GET"]),
            (f"{root}/reports", self.reports, ["GET"]),
            (f"{root}/reports/query", self.report_query, ["POST"]),
            (f"{root}/reports/{{id}}/describe", self.report_describe, ["GET"]),
            (f"{root}/reports/{{id}}/instances", self.report_instances, ["GET", "POST"]),
            (f"{root}/reports/{{id}}/instances/{{instance}}", self.report_instance, ["GET"]),
            (f"{root}/reports/{{id}}", self.report_run, ["GET", "POST"]),
        ]

    def left(self, kind: str) -> int:
        """How many more runs of that kind (synchronously, asynchronously) this hour has."""
        runs, since = self.runs[kind], time.monotonic() - 3600
        while runs and runs[0] < since:
            runs.popleft()
        return RUNS_AN_HOUR[kind] - len(runs)

    def _spend(self, kind: str) -> None:
        if self.left(kind) <= 0:
            # the code is our own: only the sentence is known
            told = f"You can't run more than {RUNS_AN_HOUR[kind]} reports {kind} every 60 minutes. Try again later."
            raise ApiError(403, "FORBIDDEN", told)
        self.runs[kind].append(time.monotonic())

    def _now(self) -> datetime:
        return datetime.now(UTC)

    def _report(self, request: Request) -> str:
        version: str = request.path_params["version"]
        wanted = request.path_params["id"][:15]
        if self._closed or wanted != self.world.report_id[:15]:
            raise ApiError(404, "NOT_FOUND", "The data you’re trying to access is unavailable.")
        return version

    @property
    def _closed(self) -> bool:
        """Whether neither the report nor its type shows."""
        return self.world.scenario == "salesforce.report.unavailable"

    async def report_types(self, request: Request) -> Response:
        listed = report.report_types(self.world, request.path_params["version"])
        if self._closed:
            for category in listed:
                category["reportTypes"] = [one for one in category["reportTypes"] if one["type"] != report.TYPE]
        return JSONResponse(listed)

    async def report_type(self, request: Request) -> Response:
        if self._closed or request.path_params["type"] != report.TYPE:
            raise ApiError(404, "NOT_FOUND", "The data you’re trying to access is unavailable.")
        now = self._now()
        described = report.describe(self.world, now, request.path_params["version"])
        return JSONResponse({name: described[name] for name in ("reportMetadata", "reportTypeMetadata")})

    async def reports(self, request: Request) -> Response:
        version = request.path_params["version"]
        if self._closed:
            return JSONResponse([])
        shown = report.attributes(self.world, version)
        base = f"/services/data/v{version}/analytics/reports/{self.world.report_id}"
        return JSONResponse(
            [{"id": self.world.report_id, "name": self.world.report_name, "url": base,
              "describeUrl": shown["describeUrl"], "instancesUrl": shown["instancesUrl"]}]
        )  # fmt: skip

    async def report_describe(self, request: Request) -> Response:
        version = self._report(request)
        return JSONResponse(report.describe(self.world, self._now(), version))

    async def _ran(self, request: Request, kind: str = "synchronously", *, saved: bool = True) -> dict[str, Any]:
        version = self._report(request) if saved else str(request.path_params["version"])
        details = request.query_params.get("includeDetails", "true").lower() != "false"
        override: dict[str, Any] = {}
        if request.method == "POST":
            body = await request.body()  # none is needed: jsforce, for one, starts an asynchronous run without
            if body and not request.headers.get("content-type", "").startswith("application/json"):
                raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "The content type must be application/json")
            try:
                sent = json.loads(body) if body else {}
            except ValueError:
                raise ApiError(400, "JSON_PARSER_ERROR", "The request body is no JSON") from None
            if not isinstance(sent, dict) or not isinstance(sent.get("reportMetadata", {}), dict):
                raise ApiError(400, "JSON_PARSER_ERROR", "reportMetadata must be an object")
            override = sent.get("reportMetadata", {})
        self._spend(kind)
        return report_run.run(self.world, self._now(), version, override=override, details=details, saved=saved)

    async def report_run(self, request: Request) -> Response:
        return JSONResponse(await self._ran(request))

    async def report_query(self, request: Request) -> Response:
        """Runs a report that is not saved."""
        if self._closed:
            raise ApiError(404, "NOT_FOUND", "The data you’re trying to access is unavailable.")
        return JSONResponse(await self._ran(request, saved=False))

    async def report_instances(self, request: Request) -> Response:
        version = self._report(request)
        base = f"/services/data/v{version}/analytics/reports/{self.world.report_id}/instances"
        if request.method == "GET":
            return JSONResponse([self._instance(one, base, "Success") for one in self.instances])
        result = await self._ran(request, "asynchronously")
        instance = f"0LG{secrets.token_hex(6)}AAA"
        self.instances[instance] = (result, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        return JSONResponse(self._instance(instance, base, "New"))

    def _instance(self, instance: str, base: str, status: str) -> dict[str, Any]:
        result, asked = self.instances[instance]
        return {
            "id": instance,
            "status": status,
            "url": f"{base}/{instance}",
            "ownerId": self.world.admin.id,
            "requestDate": asked,
            "completionDate": None if status == "New" else asked,
            "hasDetailRows": result["hasDetailRows"],
            "queryable": False,
        }

    async def report_instance(self, request: Request) -> Response:
        version = self._report(request)
        instance = request.path_params["instance"]
        if instance not in self.instances:
            raise ApiError(404, "NOT_FOUND", "The requested resource does not exist")
        base = f"/services/data/v{version}/analytics/reports/{self.world.report_id}/instances"
        result, _asked = self.instances[instance]
        own = self._instance(instance, base, "Success")
        shown = {"type": "ReportInstance", "reportId": self.world.report_id, "reportName": self.world.report_name}
        return JSONResponse({**result, "attributes": {**shown, **own}})
