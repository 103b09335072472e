import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

/** One request as the SDK sent it: the action, and its parameters by form field or as JSON. */
export interface StubCall {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface StubAnswer {
  readonly status?: number;
  readonly body: string;
  /** Before it is given. */
  readonly delayMs?: number;
}

/** Answers in AWS's own wire formats, so that the SDK's real serialisers and deserialisers run. */
export async function startStub(answer: (call: StubCall) => StubAnswer) {
  const calls: StubCall[] = [];
  const server = createServer(async (request, response) => {
    const call = callOf(request.headers["x-amz-target"], await text(request));
    calls.push(call);
    const { status = 200, body, delayMs = 0 } = answer(call);
    if (delayMs > 0) await setTimeout(delayMs);
    const type = body.startsWith("<") ? "text/xml" : "application/x-amz-json-1.1";
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stub has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function callOf(target: string | string[] | undefined, body: string): StubCall {
  if (typeof target === "string") {
    return { action: target.split(".").at(-1) ?? "", parameters: JSON.parse(body) };
  }
  const parameters = Object.fromEntries(new URLSearchParams(body));
  return { action: parameters["Action"] ?? "", parameters };
}

/** An answer of the RDS query protocol. */
export function rdsAnswer(action: string, result: string): StubAnswer {
  return {
    body: `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
  };
}

export function rdsError(code: string, message: string, status = 400): StubAnswer {
  return {
    status,
    body: `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
  };
}

export function jsonAnswer(body: unknown): StubAnswer {
  return { body: JSON.stringify(body) };
}

export function jsonError(type: string, message: string): StubAnswer {
  return { status: 400, body: JSON.stringify({ __type: type, message }) };
}
