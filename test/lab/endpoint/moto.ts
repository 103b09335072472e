import { readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { onFreePort } from "../engines/free-port.ts";
import { makeServerDirectory, removeServerDirectory } from "../engines/server-directory.ts";
import { type ServerProcess, startProcess } from "../engines/server-process.ts";
import { withoutAws } from "./client-environment.ts";
import { givenEndpoint } from "./given-endpoint.ts";
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

/** What the lab takes from PyPI for AWS: the endpoint, and the faults before it. */
export const pythonPins = join(import.meta.dirname, "../../requirements.txt");
const region = "eu-west-1";

/**
 * What AWS_ENDPOINT_URL names on this machine, else moto in the cached Python environment. Never throws: says why there
 * is none.
 */
export async function startAwsEndpoint(): Promise<AwsEndpoint | NoEndpoint> {
  giveCredentials();
  try {
    const given = givenEndpoint();
    if (given !== null) {
      const at = process.env["AWS_REGION"] ?? region;
      return {
        endpoint: given,
        region: at,
        source: `AWS_ENDPOINT_URL ${given}`,
        stop: async () => undefined,
      };
    }
    return await startMoto();
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The SDK sends nothing unsigned; a stand-in takes any keys. Those of the person who runs the tests are for an endpoint
 * of his own choice only, and a profile of his would go before them.
 */
export function giveCredentials(environment: NodeJS.ProcessEnv = process.env): void {
  const given = environment["AWS_ENDPOINT_URL"];
  const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const own = given !== undefined && given !== "" && keys.every((name) => environment[name]);
  for (const name of keys) if (!own) environment[name] = "stand-in";
  if (!own) delete environment["AWS_SESSION_TOKEN"];
  delete environment["AWS_PROFILE"];
  environment["AWS_CONFIG_FILE"] = devNull;
  environment["AWS_SHARED_CREDENTIALS_FILE"] = devNull;
}

/** moto, whatever AWS_ENDPOINT_URL names. */
export async function startMoto(): Promise<AwsEndpoint> {
  const python = await pythonEnvironment(pythonPins);
  const directory = makeServerDirectory("moto");
  try {
    const { server, endpoint } = await onFreePort((port) => listen(python, directory, port));
    return {
      endpoint,
      region,
      source: pinOfMoto(),
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
    env: { ...withoutAws(), PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    logFile: join(directory, "moto.log"),
    directory,
    endSignal: "SIGKILL",
  });
  await server.ready(async () => (await fetch(`${endpoint}/moto-api/data.json`)).ok);
  return { server, endpoint };
}

function pinOfMoto(): string {
  const pins = readFileSync(pythonPins, "utf8").split("\n");
  return pins.find((pin) => pin.startsWith("moto")) ?? "moto";
}
