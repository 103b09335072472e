import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onFreePort } from "../engines/free-port.ts";
import { makeServerDirectory, removeServerDirectory } from "../engines/server-directory.ts";
import { type ServerProcess, startProcess } from "../engines/server-process.ts";
import { pythonEnvironment } from "./python-environment.ts";

/** An AWS-compatible endpoint that is not AWS. */
export interface AwsEndpoint {
  readonly endpoint: string;
  readonly region: string;
  /** What answers there, for the name of a test run. */
  readonly source: string;
  stop(): Promise<void>;
}

export interface NoEndpoint {
  readonly unavailable: string;
}

export const motoPins = join(import.meta.dirname, "../../requirements.txt");
const region = "eu-west-1";

/** What AWS_ENDPOINT_URL names, else moto in the cached Python environment. Never throws: says why there is none. */
export async function startAwsEndpoint(): Promise<AwsEndpoint | NoEndpoint> {
  giveCredentials();
  const given = process.env["AWS_ENDPOINT_URL"];
  if (given) {
    const at = process.env["AWS_REGION"] ?? region;
    return { endpoint: given, region: at, source: `AWS_ENDPOINT_URL ${given}`, stop: async () => undefined };
  }
  try {
    return await startMoto(await pythonEnvironment(motoPins));
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

/** The SDK sends nothing unsigned; a stand-in takes any keys. */
export function giveCredentials(): void {
  process.env["AWS_ACCESS_KEY_ID"] ??= "stand-in";
  process.env["AWS_SECRET_ACCESS_KEY"] ??= "stand-in";
}

async function startMoto(python: string): Promise<AwsEndpoint> {
  const directory = makeServerDirectory("moto");
  try {
    const { server, endpoint } = await onFreePort((port) => listen(python, directory, port));
    return {
      endpoint,
      region,
      source: readFileSync(motoPins, "utf8").trim(),
      stop: async () => {
        await server.end({ signal: "SIGTERM", waitMs: 2000 }, { signal: "SIGKILL", waitMs: 5000 });
        removeServerDirectory(directory);
      },
    };
  } catch (error) {
    removeServerDirectory(directory);
    throw error;
  }
}

async function listen(
  python: string,
  directory: string,
  port: number,
): Promise<{ server: ServerProcess; endpoint: string }> {
  const endpoint = `http://127.0.0.1:${port}`;
  const server = startProcess({
    command: python,
    args: [join(import.meta.dirname, "serve.py"), String(port)],
    env: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    logFile: join(directory, "moto.log"),
    directory,
    endSignal: "SIGKILL",
  });
  await server.ready(async () => (await fetch(`${endpoint}/moto-api/data.json`)).ok);
  return { server, endpoint };
}
