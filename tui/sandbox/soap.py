"""SOAP `readMetadata` of the practice org, for the two types that tell which product is on."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from tui.sandbox.answers import VERSIONS
from tui.sandbox.sessions import Sessions
from tui.sandbox.state import World

NAMES: Mapping[str, str] = {"EmailIntegrationSettings": "EmailIntegration", "EACSettings": "EAC"}
"""The types that can be read, and the full name of the one record of each."""


async def read_metadata(request: Request, world: World, sessions: Sessions) -> Response:
    """The answer to a SOAP request; a fault where Salesforce would give one."""
    body = await request.body()
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return _fault("soapenv:Client", "The request is no XML")
    found = {etree.QName(one).localname: (one.text or "").strip() for one in root.iter(etree.Element)}
    scopes = sessions.scopes(found.get("sessionId", ""))
    if scopes is None or "api" not in scopes:
        message = "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session"
        return _fault("sf:INVALID_SESSION_ID", message)
    if request.path_params["version"] not in VERSIONS:
        return _fault("soapenv:Client", "UNSUPPORTED_API_VERSION: Invalid Api version specified on URL")
    kind = found.get("type", "")
    if "readMetadata" not in found or kind not in NAMES:
        return _fault("sf:INVALID_TYPE", "INVALID_TYPE: This type of metadata is not available for this organization")
    fields = "".join(f"<{name}>{str(value).lower()}</{name}>" for name, value in _settings(world)[kind].items())
    known = found.get("fullNames") == NAMES[kind]
    records = (
        f'<records xsi:type="{kind}"><fullName>{NAMES[kind]}</fullName>{fields}</records>'
        if known
        else '<records xsi:nil="true"/>'
    )
    return _soap(f"<readMetadataResponse><result>{records}</result></readMetadataResponse>", 200)


def _settings(world: World) -> Mapping[str, Mapping[str, bool]]:
    """The switches of the organisation: Lightning Sync is on, Einstein Activity Capture is not."""
    return {
        "EmailIntegrationSettings": {
            "doesEmailLogAsEmailMessageInOutlook": False,
            "doesGmailStayConnectedToSalesforce": True,
            "enableContactAndEventSync": world.scenario != "salesforce.sync.disabled",
            "enableGmailIntegration": True,
            "enableOutlookIntegration": False,
            "isLayoutCustomizationAllowed": False,
            "orgIsSyncingEventsOutbound": True,
        },
        "EACSettings": {
            "autoPopulateGoogleMeetLinks": False,
            "enableActivityCapture": False,
            "enableActivityMetrics": False,
            "enableActivitySyncEngine": False,
            "enableEACForEveryonePref": False,
            "salesforceEventsOnlyPref": False,
            "syncInternalEvents": False,
        },
    }


def _soap(body: str, status: int) -> Response:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:sf="http://soap.sforce.com/2006/04/metadata" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    )
    return Response(text, status, media_type="text/xml")


def _fault(code: str, message: str) -> Response:
    fault = f"<soapenv:Fault><faultcode>{code}</faultcode><faultstring>{message}</faultstring></soapenv:Fault>"
    return _soap(fault, 500)
