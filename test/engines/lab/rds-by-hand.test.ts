import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import * as z from "zod";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { runCliWith } from "../../support/run-cli.ts";

const run = join(import.meta.dirname, "../../lab/rds/run.ts");
const directory = mkdtempSync(join(tmpdir(), "rds-lab-by-hand-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const toldSchema = z.object({
  environment: z.object({ AWS_ENDPOINT_URL: z.url() }).catchall(z.string()),
  table: z.string(),
});

/** `npm run lab` as a person starts it; and what they type with nothing but what it printed. */
async function labOf(
  topology: string,
  type: (told: z.infer<typeof toldSchema>) => Promise<void>,
): Promise<void> {
  const file = join(directory, `${topology}.json`);
  const child = spawn(process.execPath, [run, "--topology", topology, "--json", file], { stdio: "ignore" });
  const ended = once(child, "exit");
  try {
    await waitUntil(() => existsSync(file) && readFileSync(file, "utf8").endsWith("}\n"), {
      ...{ what: "the lab is there", timeoutMs: 60_000 },
    });
    await type(toldSchema.parse(JSON.parse(readFileSync(file, "utf8"))));
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

it.each([
  ["primary-replica", "orders-1", "orders-2 is the primary", ["orders-2"]],
  ["aurora", "orders", "orders-2 is the writer", null],
  ["multi-az", "orders-1", "the standby is the writer", null],
])(
  "K4 F2 L2 a %s is failed over by the command line, with what npm run lab printed",
  async (topology, database, says, ids) => {
    await labOf(topology, async ({ environment, table }) => {
      const typed = ["failover", database, "--reason", "to try it", "--table", table, "--planned", "--yes"];
      // CloudWatch has its first samples after some seconds: until then lag is not known, and it is held.
      let code = 4;
      let out = "";
      let err = "";
      for (let tries = 0; tries < 6 && code === 4; tries += 1)
        ({ code, out, err } = await runCliWith(environment, ...typed, "--format", "json"));
      expect(`${out}${err}`).toContain(says);
      expect(code).toBe(0);
      if (ids === null) return;
      const led = await fetch(`${environment.AWS_ENDPOINT_URL}/_lab/name?kind=secret`);
      expect(await led.json()).toMatchObject({ ids });
    });
  },
  180_000,
);
