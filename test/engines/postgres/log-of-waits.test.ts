import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import type { LogExcerpt } from "../../../functions/core/contract/log-excerpt.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { createJamTables, shapes } from "./lock-shapes.ts";
import { createProbeUsers, majors, probeLogin, sessionAs } from "./postgres-lab.ts";

const waiters = 12;

describe.each(majors)("who waits by the log of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let session: SqlSession;
  let from = 0;

  beforeAll(async () => {
    const settings = {
      log_lock_waits: "on",
      deadlock_timeout: "100ms",
      log_line_prefix: "%t:%r:%u@%d:[%p]:",
    };
    server = await startPostgres({ major, settings });
    await createProbeUsers(server.adminUrl);
    await createJamTables(server);
    session = await sessionAs(probeLogin, server.port);
  });

  afterAll(async () => {
    await session?.close();
    await server?.stopNow();
  });

  /** Of the jam that stands: what the server wrote before it is another's. */
  function read(): NonNullable<LogExcerpt["read"]> {
    const text = readFileSync(server.logFile, "utf8").slice(from);
    const log = cleanLog(
      { file: "x", kind: "error", lastWrittenAt: null, truncated: false, text },
      { dialect: "postgres", queryText: "normalised", maxLines: 10, maxLineLength: 500 },
    );
    if (log.read === undefined) throw new Error(`nothing was read in ${text.length} characters`);
    return log.read;
  }

  async function during(
    shape: keyof typeof shapes,
    check: (log: NonNullable<LogExcerpt["read"]>) => Promise<void>,
  ): Promise<void> {
    from = readFileSync(server.logFile, "utf8").length;
    const jam = await shapes[shape](server, waiters);
    try {
      const told = () =>
        readFileSync(server.logFile, "utf8").slice(from).split(" still waiting for ").length - 1;
      await waitUntil(async () => told() >= jam.waiters, { timeoutMs: 20_000, what: "all waits in the log" });
      await check(read());
    } finally {
      await jam.end();
    }
  }

  async function idlePid(): Promise<string> {
    const rows = await session.query({
      sql: "select pid from pg_stat_activity where application_name = 'jam' and state = 'idle in transaction'",
    });
    expect(rows).toHaveLength(1);
    return String(rows[0]?.["pid"]);
  }

  it.each(["star", "tree", "chain"] as const)(
    "D7 knows who has the rows that all wait for, one behind another: %s",
    async (shape) => {
      await during(shape, async ({ rowHolders, queues }) => {
        expect(queues).toBeUndefined();
        expect(rowHolders).toMatchObject([{ process: await idlePid(), waiting: waiters, table: "accounts" }]);
        expect(rowHolders?.[0]?.statement).toMatch(
          /^update public\.accounts set balance = balance \+ \? where id = \?$/,
        );
      });
      expect(read().rowHolders).toBeUndefined();
    },
  );

  it("D7 knows a prepared transaction, which has no process", async () => {
    await during("prepared", async ({ rowHolders }) => {
      expect(rowHolders).toMatchObject([{ process: "0", waiting: waiters }]);
    });
  });

  it("D7 knows the request that a queue for a table stands behind", async () => {
    await during("ddl-queue", async ({ rowHolders, queues }) => {
      expect(rowHolders).toBeUndefined();
      expect(queues).toMatchObject([{ holders: [await idlePid()], waiting: waiters }]);
      expect(queues?.[0]?.request).toMatchObject({ behind: waiters - 1 });
      expect(queues?.[0]?.request?.statement).toContain("alter table public.accounts add column");
    });
  });
});
