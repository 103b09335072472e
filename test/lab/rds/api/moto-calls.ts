import type { IncomingHttpHeaders } from "node:http";
import type { Answer, AwsCall } from "./aws-call.ts";

/** The suite's moto behind the lab. */
export interface Moto {
  /** The call as it came. */
  pass(call: AwsCall): Promise<Answer>;
  /** A call of our own in the query protocol. */
  ask(service: QueryService, operation: string, params?: Readonly<Record<string, string>>): Promise<Answer>;
  /** As `ask`. Rejects with moto's words when it refuses. */
  must(service: QueryService, operation: string, params?: Readonly<Record<string, string>>): Promise<string>;
  /** In whatever protocol the service speaks. Rejects as `must`. */
  send(service: string, request: OwnRequest): Promise<string>;
}

export interface OwnRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const versions = { rds: "2014-10-31", ec2: "2016-11-15", monitoring: "2010-08-01" } as const;
type QueryService = keyof typeof versions;
/** Of the connection, not of the message: https://www.rfc-editor.org/rfc/rfc9110#name-connection */
const notPassed = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "expect",
  "keep-alive",
]);

export function createMoto(endpoint: string, region: string): Moto {
  const signed = (service: string, { method, path, headers = {}, body }: OwnRequest) => {
    const scope = `lab/20260101/${region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=lab`;
    const sent = { method, headers: { ...headers, authorization } };
    return send(`${endpoint}${path}`, body === undefined ? sent : { ...sent, body });
  };
  const ask: Moto["ask"] = (service, operation, params = {}) =>
    signed(service, {
      ...{ method: "POST", path: "/" },
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ Action: operation, Version: versions[service], ...params }).toString(),
    });
  return {
    ask,
    pass: ({ method, path, headers, body }) =>
      send(`${endpoint}${path}`, {
        method,
        headers: passedOn(headers),
        ...(method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body) }),
      }),
    must: async (service, operation, params) => {
      return accepted(operation, await ask(service, operation, params));
    },
    send: async (service, request) =>
      accepted(`${request.method} ${request.path}`, await signed(service, request)),
  };
}

function accepted(what: string, { status, body }: Answer): string {
  if (status >= 300) throw new Error(`moto refused ${what}: ${body.toString()}`);
  return body.toString();
}

async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "text/plain",
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || notPassed.has(name) ? [] : [[name, String(value)] as const],
  );
  return Object.fromEntries(kept);
}
