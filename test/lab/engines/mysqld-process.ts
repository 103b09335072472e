import { mkdirSync } from "node:fs";
import { createConnection } from "mysql2/promise";
import { onFreePort } from "./free-port.ts";
import type { MysqldBinaries } from "./mysqld-binaries.ts";
import { isRoot } from "./server-identity.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface RunningMysqld {
  readonly port: number;
  readonly process: ServerProcess;
}

export interface MysqldOptions {
  readonly binaries: MysqldBinaries;
  /** Holds the data directory and goes away with the server. */
  readonly directory: string;
  readonly dataDir: string;
  /** As `--name=value`. */
  readonly settings: Readonly<Record<string, string>>;
  /** The server counts as started once this login succeeds. */
  readonly readyUrl: (port: number) => string;
}

/** `--no-defaults` must come first or the machine's own configuration is read. */
export function mysqldArguments(
  binaries: MysqldBinaries,
  dataDir: string,
  settings: Readonly<Record<string, string>>,
): string[] {
  return [
    ...binaries.leading,
    "--no-defaults",
    ...binaries.flags,
    `--datadir=${dataDir}`,
    ...(isRoot() ? ["--user=root"] : []),
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
  ];
}

export function startMysqld({
  binaries,
  directory,
  dataDir,
  settings,
  readyUrl,
}: MysqldOptions): Promise<RunningMysqld> {
  // Its own: MariaDB clears the names of its temporary tables from a shared one, those of other servers too.
  const tmpdir = `${dataDir}.tmp`;
  mkdirSync(tmpdir, { recursive: true, mode: 0o700 });
  return onFreePort(async (port) => {
    const network = {
      port: String(port),
      "bind-address": "127.0.0.1",
      socket: `${dataDir}.sock`,
      "pid-file": `${dataDir}.pid`,
      tmpdir,
    };
    const server = startProcess({
      command: binaries.command,
      args: mysqldArguments(binaries, dataDir, { ...network, ...settings }),
      env: binaries.env,
      logFile: `${dataDir}.log`,
      directory,
      endSignal: "SIGKILL",
    });
    await server.ready(() => canSignIn(readyUrl(port)), 60_000);
    return { port, process: server };
  });
}

/** SIGTERM takes seconds and saves data nobody will read. */
export function killMysqld({ process }: RunningMysqld): Promise<void> {
  return process.end({ signal: "SIGKILL", waitMs: 15_000 });
}

export async function shutdownMysqld({ process }: RunningMysqld): Promise<void> {
  await process.end({ signal: "SIGTERM", waitMs: 60_000 });
}

async function canSignIn(uri: string): Promise<boolean> {
  const connection = await createConnection({ uri, connectTimeout: 2_000 });
  await connection.end();
  return true;
}
