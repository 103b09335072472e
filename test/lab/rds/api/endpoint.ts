import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { onFreePort } from "../../engines/free-port.ts";
import { rdsHandlers } from "../calls/index.ts";
import type { World } from "../world/world.ts";
import { type Answer, type AwsCall, readCall } from "./aws-call.ts";
import { described } from "./described.ts";
import { type FaultRule, type Faults, refusalOf } from "./faults.ts";

export interface LabEndpoint {
  readonly url: string;
  stop(): Promise<void>;
}

interface Parts {
  readonly world: World;
  readonly faults: Faults;
  /** Answers what begins with /_lab; null for a path that it does not know. */
  readonly control: (method: string, url: URL, body: string) => Promise<Answer>;
  /** Hears of every call that was carried out. */
  readonly carriedOut: (call: AwsCall) => Promise<void>;
}

/** RDS as its clients see it: moto's answers with the engines' addresses, and the engines' effects. */
export async function startLabEndpoint(parts: Parts): Promise<LabEndpoint> {
  return onFreePort(async (port) => {
    const server = createServer((request, response) => {
      serve(parts, request, response).catch((error: unknown) => {
        const body = error instanceof Error ? (error.stack ?? error.message) : String(error);
        send(response, { status: 500, contentType: "text/plain", body });
      });
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return {
      url: `http://127.0.0.1:${port}`,
      stop: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  });
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url: path = "/", headers } = request;
  const body = await received(request);
  if (path.startsWith("/_lab/")) {
    const url = new URL(path, "http://127.0.0.1");
    send(response, await parts.control(method, url, body.toString("utf8")));
    return;
  }
  const call = readCall({ method, path, headers, body });
  const rule = parts.faults.befalls(call);
  if (call.service === "rds" && !/^(Describe|List)/.test(call.operation))
    tell(parts.world, call, "asked", "");
  if (rule !== null) tell(parts.world, call, "fault", rule.fault);
  if (rule?.fault === "hung") return;
  const answer = refusalOf(rule, call) ?? (await carryOut(parts, call, rule));
  if (rule?.fault === "answer-lost") return void request.socket.resetAndDestroy();
  if (rule?.fault === "late") await sleep(rule.delayMs);
  send(response, answer);
}

function tell({ ledger }: World, call: AwsCall, what: "asked" | "fault", detail: string): void {
  const id = call.params.get("DBInstanceIdentifier") ?? call.params.get("DBClusterIdentifier") ?? "";
  ledger.write({ operation: call.operation, id, what, detail });
}

async function carryOut(parts: Parts, call: AwsCall, rule: FaultRule | null): Promise<Answer> {
  const { world } = parts;
  const neverFinishes = rule?.fault === "never-finishes";
  const handler = call.service === "rds" ? rdsHandlers[call.operation] : undefined;
  if (handler !== undefined) return handler({ world, call, neverFinishes });
  const answer = await world.moto.pass(call);
  if (answer.status < 300) await parts.carriedOut(call);
  return call.service === "rds" ? { ...answer, body: described(world, answer.body.toString()) } : answer;
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  // In chunks otherwise, whose middle no proxy knows.
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

async function received(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
