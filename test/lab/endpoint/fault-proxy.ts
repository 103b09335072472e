import { join } from "node:path";
import * as z from "zod";
import { onFreePort } from "../engines/free-port.ts";
import { makeServerDirectory, removeServerDirectory } from "../engines/server-directory.ts";
import { type ServerProcess, startProcess } from "../engines/server-process.ts";
import { pythonPins } from "./moto.ts";
import { pythonEnvironment } from "./python-environment.ts";

export type FaultProtocol = "http" | "postgres" | "mysql";

/**
 * When a call or statement fits, the first rule that fits decides what becomes of it.
 * https://pypi.org/project/microburst/ ("Rules", "PostgreSQL wire mode", "MySQL wire mode")
 */
export interface FaultRule {
  readonly service?: string;
  /** An AWS operation; the verb of a statement in lower case; `startup` for signing in. */
  readonly operation?: string;
  /** A regular expression on the statement, whatever its case. */
  readonly sql?: string;
  /** Fires this often at most, then lets everything through. */
  readonly times?: number;
  readonly error?: {
    readonly code?: string;
    readonly errno?: number;
    readonly status?: number;
    readonly severity?: "FATAL";
    readonly message?: string;
  };
  readonly latency?: number;
  /** Never answers, until the client gives up. */
  readonly timeout?: true;
  /** AWS only: holds the call this long, then 504. */
  readonly timeout_ms?: number;
  readonly reset?: true;
  /** So many rows of the real answer, then the connection breaks. */
  readonly partial_rows?: number;
  readonly response?: { readonly truncate_frac?: number; readonly abort_frac?: number };
}

const firedSchema = z.array(
  z.object({ service: z.string(), operation: z.string().nullable(), action: z.string() }),
);

/** `microburst` between the responder and something that is well: faults that others thought out. */
export interface FaultProxy {
  readonly port: number;
  /** From now on these rules and no others. */
  inject(rules: readonly FaultRule[]): Promise<void>;
  /** What was done to whom since the rules were set. */
  fired(): Promise<z.infer<typeof firedSchema>>;
  stop(): Promise<void>;
}

export async function startFaultProxy(protocol: FaultProtocol, upstream: string): Promise<FaultProxy> {
  const python = await pythonEnvironment(pythonPins);
  const directory = makeServerDirectory("microburst");
  try {
    return await onFreePort((port) =>
      protocol === "http"
        ? listen({ python, directory, protocol, upstream, port, control: port })
        : onFreePort((control) => listen({ python, directory, protocol, upstream, port, control })),
    );
  } catch (error) {
    removeServerDirectory(directory);
    throw error;
  }
}

interface Place {
  readonly python: string;
  readonly directory: string;
  readonly protocol: FaultProtocol;
  readonly upstream: string;
  readonly port: number;
  /** Where rules are set: beside the calls in the protocol of AWS, a port of its own otherwise. */
  readonly control: number;
}

async function listen({ python, directory, protocol, upstream, port, control }: Place): Promise<FaultProxy> {
  const api = `http://127.0.0.1:${control}/_microburst`;
  const server = startProcess({
    command: python,
    args: [
      ...["-m", "microburst", "--host", "127.0.0.1", "--protocol", protocol, "--upstream", upstream],
      ...["--port", String(port), ...(protocol === "http" ? [] : ["--control-port", String(control)])],
    ],
    env: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    logFile: join(directory, "microburst.log"),
    directory,
    endSignal: "SIGKILL",
  });
  await server.ready(async () => (await fetch(`${api}/health`)).ok);
  return {
    port,
    inject: async (rules) => {
      await request(`${api}/rules`, "POST", rules);
      await request(`${api}/fired`, "DELETE");
    },
    fired: async () => firedSchema.parse(await (await fetch(`${api}/fired`)).json()),
    stop: () => stop(server, directory),
  };
}

async function request(url: string, method: string, body?: object): Promise<void> {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`microburst refused ${method} ${url}: ${await answer.text()}`);
}

async function stop(server: ServerProcess, directory: string): Promise<void> {
  // Asked politely it waits for calls that hang, which is what it was told to do to them.
  await server.end({ signal: "SIGKILL", waitMs: 5000 });
  removeServerDirectory(directory);
}
