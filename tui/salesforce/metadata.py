"""The switches of the organisation, by SOAP readMetadata (salesforce-api.md 4), and the remote sites (Tooling)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from tui.http import Answer, Forbidden, Http, Unreachable
from tui.model import ServiceError
from tui.salesforce import errors, hosts
from tui.salesforce.rest import Rest
from tui.sanitise import one_line
from tui.words import _

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_METADATA = "http://soap.sforce.com/2006/04/metadata"
_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class RemoteSite:
    """One row of Setup's Remote Site Settings."""

    url: str
    active: bool


async def remote_sites(rest: Rest) -> list[RemoteSite]:
    """The remote sites. Raises ServiceError (cause "" where they are closed to us)."""
    rows = await rest.query("SELECT EndpointUrl, IsActive FROM RemoteProxy", tooling=True)
    return [RemoteSite(one_line(row.get("EndpointUrl")), row.get("IsActive") is True) for row in rows]


async def switches(rest: Rest, http: Http, kind: str, name: str) -> dict[str, bool]:
    """The yes/no fields of one settings record, such as EmailIntegrationSettings/EmailIntegration. Raises ServiceError
    (cause "" where the metadata are closed to us)."""
    token = await rest.bearer.get()
    answer = await _post(rest, http, kind, name, token)
    if errors.expired(answer):  # the session stands in the body, so Http cannot renew it
        answer = await _post(rest, http, kind, name, await rest.bearer.renew(token))
    if answer.status != 200:
        raise errors.failure(answer, asked=_path(rest))
    root = _parse(answer, rest)
    records = root.findall(f".//{{{_METADATA}}}records")
    if not records or records[0].find(f"{{{_METADATA}}}fullName") is None:
        raise errors.error("", _("it shows no settings of the kind {kind}").format(kind=kind), code="NOT_FOUND")
    return {
        etree.QName(field).localname: field.text.strip() == "true"
        for field in records[0]
        if isinstance(field.tag, str) and field.text and field.text.strip() in {"true", "false"}
    }


def _path(rest: Rest) -> str:
    return f"/services/Soap/m/{rest.version}"


async def _post(rest: Rest, http: Http, kind: str, name: str, token: str) -> Answer:
    try:
        answer = await http.send(
            "POST",
            rest.instance + _path(rest),
            service=errors.SERVICE,
            hosts=hosts.pinned(rest.instance),
            safe=True,
            headers={"content-type": "text/xml; charset=UTF-8", "soapaction": '""'},
            content=_request(kind, name, token),
            again=_again,
            limit=_LIMIT,
        )
    except (Unreachable, Forbidden) as problem:
        raise errors.unreachable(problem, asked=_path(rest)) from None
    rest.note(answer)
    return answer


def _again(answer: Answer) -> bool:
    return answer.status != 200 and errors.again(answer)


def _request(kind: str, name: str, token: str) -> bytes:
    envelope = etree.Element(f"{{{_ENVELOPE}}}Envelope", nsmap={"env": _ENVELOPE, "m": _METADATA})
    header = etree.SubElement(envelope, f"{{{_ENVELOPE}}}Header")
    session = etree.SubElement(header, f"{{{_METADATA}}}SessionHeader")
    etree.SubElement(session, f"{{{_METADATA}}}sessionId").text = token
    body = etree.SubElement(envelope, f"{{{_ENVELOPE}}}Body")
    call = etree.SubElement(body, f"{{{_METADATA}}}readMetadata")
    etree.SubElement(call, f"{{{_METADATA}}}type").text = kind
    etree.SubElement(call, f"{{{_METADATA}}}fullNames").text = name
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _parse(answer: Answer, rest: Rest) -> etree._Element:
    """The XML of an answer. No entity is expanded, nothing is fetched; a document type is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(answer.body, parser)
        if not root.getroottree().docinfo.doctype:
            return root
    except (etree.XMLSyntaxError, ValueError):
        pass
    raise _unreadable(answer, rest)


def _unreadable(answer: Answer, rest: Rest) -> ServiceError:
    return errors.error(
        errors.UNAVAILABLE, _("an answer came that is not as documented"), asked=_path(rest), status_code=answer.status
    )
