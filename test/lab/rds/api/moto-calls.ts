import type { IncomingHttpHeaders } from "node:http";
import type { Answer, AwsCall } from "./aws-call.ts";

/** The suite's moto behind the lab. */
export interface Moto {
  /** The call as it came. */
  pass(call: AwsCall): Promise<Answer>;
  /** A call of our own in the query protocol. */
  ask(service: "rds" | "ec2", operation: string, params?: Readonly<Record<string, string>>): Promise<Answer>;
  /** As `ask`. Rejects with moto's words when it refuses. */
  must(service: "rds" | "ec2", operation: string, params?: Readonly<Record<string, string>>): Promise<string>;
}

const versions = { rds: "2014-10-31", ec2: "2016-11-15" } as const;
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
  const ask: Moto["ask"] = async (service, operation, params = {}) => {
    const scope = `lab/20260101/${region}/${service}/aws4_request`;
    return send(endpoint, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=lab`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ Action: operation, Version: versions[service], ...params }).toString(),
    });
  };
  return {
    ask,
    pass: ({ method, path, headers, body }) =>
      send(`${endpoint}${path}`, {
        method,
        headers: passedOn(headers),
        ...(method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body) }),
      }),
    must: async (service, operation, params) => {
      const { status, body } = await ask(service, operation, params);
      if (status >= 300) throw new Error(`moto refused ${operation}: ${body}`);
      return body.toString();
    },
  };
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
