import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import {
  availableEngines,
  mariadbAvailability,
  mysqlAvailability,
  postgresAvailability,
} from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { dataRoot } from "../../lab/engines/lab-paths.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { sweepOrphans } from "../../lab/engines/process-guard.ts";
import { waitUntil } from "../../lab/engines/sql.ts";

const here = new URL("../../lab/engines/", import.meta.url);

describe("the list of engines", () => {
  it("says of every engine where it comes from or everything that was tried", async () => {
    const engines = await availableEngines();
    expect(engines.map(({ engine }) => engine)).toEqual([...Array(5).fill("postgres"), "mysql", "mariadb"]);
    for (const { reason } of engines) expect(reason).toMatch(/ from |Tried:/);
  });
});

describeEngine("a PostgreSQL", await postgresAvailability(17), () => {
  leavesNothing(() => startPostgres({ major: 17, replicas: 1 }));
  diesWithItsOwner(`(await import("${here}postgres-server.ts")).startPostgres({ major: 17, replicas: 1 })`);
});
describeEngine("a MySQL", await mysqlAvailability(), () => {
  leavesNothing(() => startMysql({ replicas: 1 }));
  diesWithItsOwner(`(await import("${here}mysql-server.ts")).startMysql()`);
});
describeEngine("a MariaDB", await mariadbAvailability(), () => {
  leavesNothing(() => startMariadb({ replicas: 1 }));
  diesWithItsOwner(`(await import("${here}mariadb-server.ts")).startMariadb()`);
});

function leavesNothing(start: () => Promise<LabServer>): void {
  it.each(["stop", "stopNow"] as const)("leaves no process and no directory after %s", async (way) => {
    const server = await start();
    const directory = dirname(server.dataDir);
    expect(existsSync(directory)).toBe(true);
    await server[way]();
    expect(existsSync(directory)).toBe(false);
    for (const { port } of [server, ...server.replicas]) expect(await answers(port)).toBe(false);
  });
}

function diesWithItsOwner(start: string): void {
  it.each(["SIGINT", "SIGTERM"] as const)("dies with its owner on %s", async (signal) => {
    const { child, port, directory } = await startElsewhere(start);
    child.kill(signal);
    await once(child, "exit");
    expect(child.signalCode).toBe(signal);
    await gone(port, directory);
  });

  it("dies with its owner on an uncaught error", async () => {
    const { child, port, directory } = await startElsewhere(start);
    child.stdin.end("throw\n");
    await once(child, "exit");
    expect(child.exitCode).toBe(1);
    await gone(port, directory);
  });

  it("is swept by the next run when its owner was killed", async () => {
    const { child, port, directory } = await startElsewhere(start);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await answers(port)).toBe(true);
    sweepOrphans(dataRoot());
    await gone(port, directory);
  });
}

/** A process of its own that starts a server, says where, and ends as it is told. */
async function startElsewhere(start: string) {
  const script = `
    const server = await ${start};
    console.log(JSON.stringify({ port: server.port, dataDir: server.dataDir }));
    process.stdin.on("data", () => { throw new Error("told to crash"); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const [line]: string[] = await once(createInterface(child.stdout), "line");
  const { port, dataDir }: { port: number; dataDir: string } = JSON.parse(line ?? "");
  expect(await answers(port)).toBe(true);
  return { child, port, directory: dirname(dataDir) };
}

async function gone(port: number, directory: string): Promise<void> {
  await waitUntil(async () => !(await answers(port)), { what: "the port is closed" });
  expect(existsSync(directory)).toBe(false);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
