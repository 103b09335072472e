import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { giveCredentials } from "../lab/endpoint/moto.ts";

export interface LoopbackRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** "silence" keeps the connection open and says nothing; "hang-up" closes it. */
export type Behaviour = Reply | "silence" | "hang-up";

export interface Loopback {
  readonly endpoint: string;
  readonly requests: readonly LoopbackRequest[];
}

/** An HTTP server on 127.0.0.1 until the test ends: the SDK's own client and deserialiser talk to it. */
export async function startLoopback(
  behave: (request: LoopbackRequest, serial: number) => Behaviour | Promise<Behaviour>,
): Promise<Loopback> {
  giveCredentials();
  const requests: LoopbackRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void receive(incoming)
      .then((request) => behave(request, requests.push(request)))
      .then((behaviour) => act(behaviour, outgoing))
      .catch((error: unknown) => act({ status: 500, body: String(error) }, outgoing));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the loopback server has no port");
  return { endpoint: `http://127.0.0.1:${address.port}`, requests };
}

/** Sends a request on to the real endpoint. */
export async function forward(endpoint: string | undefined, request: LoopbackRequest): Promise<Reply> {
  const { host: _, "content-length": __, connection: ___, expect: ____, ...headers } = request.headers;
  const answer = await fetch(`${endpoint}${request.path}`, {
    method: request.method,
    headers,
    ...(request.body.length > 0 ? { body: new Uint8Array(request.body) } : {}),
  });
  return {
    status: answer.status,
    headers: { "content-type": answer.headers.get("content-type") ?? "application/octet-stream" },
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

async function receive(incoming: IncomingMessage): Promise<LoopbackRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}

function act(behaviour: Behaviour, outgoing: ServerResponse): void {
  if (behaviour === "silence") return;
  if (behaviour === "hang-up") {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(behaviour.status, behaviour.headers);
  outgoing.end(behaviour.body);
}
