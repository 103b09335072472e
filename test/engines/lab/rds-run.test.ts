import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import { dataRoot } from "../../lab/engines/lab-paths.ts";
import { isAlive } from "../../lab/engines/process-guard.ts";
import { waitUntil } from "../../lab/engines/wait-until.ts";

const run = join(import.meta.dirname, "../../lab/rds/run.ts");
const directory = mkdtempSync(join(tmpdir(), "rds-lab-run-"));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const told = z.object({
  awsEndpoint: z.url(),
  region: z.string(),
  environment: z.object({ AWS_ENDPOINT_URL: z.url() }).catchall(z.string()),
  name: z.string(),
  databases: z.array(
    z.object({
      ...{ id: z.string(), role: z.enum(["writer", "reader"]), host: z.string(), port: z.number() },
      ...{ pid: z.number(), user: z.string(), password: z.string() },
    }),
  ),
});

function start(...flags: readonly string[]) {
  const child = spawn(process.execPath, [run, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  return { child, ended: once(child, "exit"), left: () => directoriesOf(child.pid ?? 0) };
}

/** Folders of the lab are named after the process that made them. */
function directoriesOf(pid: number): string[] {
  return readdirSync(dataRoot()).filter((name) => name.startsWith(`${pid}-`));
}

it("L2 npm run lab writes where everything is, and leaves nothing behind when it is ended", async () => {
  const file = join(directory, "lab.json");
  const { child, ended, left } = start("--topology", "aurora", "--replicas", "1", "--json", file);
  await waitUntil(() => existsSync(file) && readFileSync(file, "utf8").endsWith("}\n"), {
    what: "the lab is there",
    timeoutMs: 60_000,
  });
  const { databases } = told.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(databases.map(({ id, role }) => [id, role])).toEqual([
    ["orders-1", "writer"],
    ["orders-2", "reader"],
  ]);
  expect(left()).not.toEqual([]);
  // Shared memory of a killed postmaster is cleared up, too.
  process.kill(databases[1]?.pid ?? 0, "SIGKILL");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(left()).toEqual([]);
  expect(databases.filter(({ pid }) => isAlive(pid))).toEqual([]);
});

it("L2 npm run lab says which flag is wrong", async () => {
  const { child, ended } = start("--topology", "pyramid");
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  expect(await ended).toEqual([2, null]);
  expect(Buffer.concat(said).toString("utf8")).toContain("topology");
});
