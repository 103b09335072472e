import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import * as z from "zod";
import { pythonEnvironment } from "../endpoint/python-environment.ts";
import { onFreePort } from "../engines/free-port.ts";
import { makeServerDirectory, removeServerDirectory } from "../engines/server-directory.ts";
import { type ServerProcess, startProcess } from "../engines/server-process.ts";

export const ministackPins = join(import.meta.dirname, "endpoint/requirements.txt");

/** One decision of IAM. */
const accessSchema = z.object({
  principal: z.string(),
  action: z.string(),
  resource: z.string(),
  denied: z.boolean(),
});
export type Access = z.infer<typeof accessSchema>;

/** An AWS account that is not Amazon's. */
export interface Account {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly source: string;
  /** Python with botocore and cryptography. */
  readonly python: string;
  /** What a client of the account needs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every decision of IAM so far; null when this endpoint does not tell. */
  ledger(): readonly Access[] | null;
  /** The first call that was denied; null when there was none or the endpoint does not tell. */
  denied(): Access | null;
  stop(): Promise<void>;
}

const region = "eu-central-1";

/** What AWS_ENDPOINT_URL names, else ministack with IAM enforced. Rejects with what is lacking. */
export async function startAccount(): Promise<Account> {
  const python = await pythonEnvironment(ministackPins);
  const given = process.env["AWS_ENDPOINT_URL"];
  if (given) return givenAccount(given, python);
  const directory = makeServerDirectory("ministack");
  try {
    const { server, endpoint } = await onFreePort((port) => listen(python, directory, port));
    return {
      ...identity(endpoint),
      python,
      source: readFileSync(ministackPins, "utf8").split("\n")[0] ?? "",
      ledger: () => readLedger(ledgerOf(directory)),
      denied: () => readLedger(ledgerOf(directory), (line) => line.includes('"denied": true'))[0] ?? null,
      stop: async () => {
        // It waits for running executions, which watch on for as long as they were told.
        await server.end({ signal: "SIGTERM", waitMs: 1500 }, { signal: "SIGKILL", waitMs: 5000 });
        removeServerDirectory(directory);
      },
    };
  } catch (error) {
    removeServerDirectory(directory);
    throw error;
  }
}

function givenAccount(endpoint: string, python: string): Account {
  const source = `AWS_ENDPOINT_URL ${endpoint}`;
  return {
    ...identity(endpoint),
    python,
    source,
    ledger: () => null,
    denied: () => null,
    stop: async () => undefined,
  };
}

function identity(endpoint: string) {
  const at = process.env["AWS_REGION"] ?? region;
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: process.env["AWS_ACCESS_KEY_ID"] ?? "test",
    AWS_SECRET_ACCESS_KEY: process.env["AWS_SECRET_ACCESS_KEY"] ?? "test",
    AWS_REGION: at,
    AWS_DEFAULT_REGION: at,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return { endpoint, region: at, accountId: "000000000000", environment };
}

/** Its workers leave folders behind, so it has a temporary folder of its own. */
async function listen(
  python: string,
  directory: string,
  port: number,
): Promise<{ server: ServerProcess; endpoint: string }> {
  const endpoint = `http://127.0.0.1:${port}`;
  const temporary = join(directory, "tmp");
  mkdirSync(temporary, { recursive: true });
  const server = startProcess({
    command: python,
    args: [join(import.meta.dirname, "endpoint/serve.py")],
    env: {
      ...settings(port),
      ACCESS_LEDGER: ledgerOf(directory),
      TMPDIR: temporary,
      // Functions run on the Node that runs the tests, whatever the host has.
      PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    },
    logFile: join(directory, "ministack.log"),
    directory,
    endSignal: "SIGKILL",
  });
  await server.ready(async () => (await fetch(`${endpoint}/_ministack/health`)).ok);
  return { server, endpoint };
}

function settings(port: number): Record<string, string> {
  return {
    AUTH: "true",
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: "127.0.0.1",
    MINISTACK_REGION: identity("").region,
    // Both would listen on every interface.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

function ledgerOf(directory: string): string {
  return join(directory, "access.jsonl");
}

function readLedger(file: string, wanted = (line: string): boolean => line !== ""): readonly Access[] {
  const lines = readFileSync(file, "utf8").split("\n");
  // The last line may be half written.
  return lines
    .slice(0, -1)
    .filter(wanted)
    .map((line) => accessSchema.parse(JSON.parse(line)));
}

export function deniedSentence({ principal, action, resource }: Access): string {
  return `${principal} was denied ${action} on ${resource}`;
}
