import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onFreePort } from "./free-port.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { serverIdentity } from "./server-identity.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface Postmaster {
  readonly port: number;
  readonly process: ServerProcess;
}

export interface PostmasterOptions {
  readonly binaries: PostgresBinaries;
  /** Holds the data directory and goes away with the server. */
  readonly directory: string;
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Nothing here survives a power cut, so nothing needs to wait for a disk. */
const throwaway = { fsync: "off", full_page_writes: "off" } as const;

/** Sockets are off: nothing is left in the temporary folder and no path is too long. */
const tcpOnly = { listen_addresses: "127.0.0.1", unix_socket_directories: "" } as const;

export function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { binaries, directory, dataDir } = options;
  const settings = { ...throwaway, ...tcpOnly, ...options.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return onFreePort(async (port) => {
    const server = startProcess({
      command: join(binaries.binDir, "postgres"),
      args: ["-D", dataDir, "-p", String(port), ...flags],
      identity: serverIdentity(),
      logFile: `${dataDir}.log`,
      directory,
      endSignal: "SIGQUIT",
    });
    await server.ready(() => statusOf(dataDir, server.pid) === "ready");
    return { port, process: server };
  });
}

/** Fast shutdown; a replica that no longer reads or a stopped backend can hold it up, an immediate one cannot be. */
export function endPostmaster({ process }: Postmaster): Promise<void> {
  return process.end({ signal: "SIGINT", waitMs: 5_000 }, { signal: "SIGQUIT", waitMs: 15_000 });
}

export function quitPostmaster({ process }: Postmaster): Promise<void> {
  return process.end({ signal: "SIGQUIT", waitMs: 15_000 });
}

/** Line 1 of postmaster.pid is the pid, line 8 the status; pg_ctl waits for the same, in every language. */
function statusOf(dataDir: string, pid: number): string | undefined {
  try {
    const lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid ? lines[7]?.trim() : undefined;
  } catch {
    return undefined;
  }
}
