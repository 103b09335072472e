import type { IncomingHttpHeaders } from "node:http";

/** A request as the SDK sent it, and what it asks for. */
export interface AwsCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** As the signature says it: `rds`, `route53`, `ssm`. Empty when nobody signed. */
  readonly service: string;
  /** `PromoteReadReplica`; for protocols that name none in the request, the method: `POST`. */
  readonly operation: string;
  /** Of the query protocol. */
  readonly params: ReadonlyMap<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function readCall(received: Received): AwsCall {
  const { headers, method, body } = received;
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
  const form = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const params = new Map(new URLSearchParams(form ? body.toString("utf8") : ""));
  const target = headers["x-amz-target"];
  const named = typeof target === "string" ? target.split(".").at(-1) : rpcOperation(received.path);
  return { ...received, service, params, operation: params.get("Action") ?? named ?? method };
}

/** https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
function rpcOperation(path: string): string | undefined {
  return /\/operation\/(\w+)$/.exec(path)?.[1];
}

/** An error as the service of this call would send it. */
export function errorAnswer(call: AwsCall, status: number, code: string, message: string): Answer {
  if (call.headers["x-amz-target"] !== undefined) {
    const body = JSON.stringify({ __type: code, message });
    return { status, contentType: "application/x-amz-json-1.1", body };
  }
  const type = status >= 500 ? "Receiver" : "Sender";
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return xmlAnswer(status, `<ErrorResponse>${error}<RequestId>lab</RequestId></ErrorResponse>`);
}

export function xmlAnswer(status: number, body: string): Answer {
  return { status, contentType: "text/xml", body };
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
