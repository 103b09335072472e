import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LockForest, lockForestSchema } from "../../../functions/core/contract/locks.ts";
import { directBlockers } from "../../../functions/core/locks/forest.ts";
import type { SqlRow, SqlSession } from "../../../functions/core/ports.ts";
import type { ProbeContext } from "../../../functions/core/probes/define.ts";
import { postgresBlocking } from "../../../functions/core/probes/postgres/blocking/blocking.ts";
import { postgresLockInput } from "../../../functions/core/probes/postgres/blocking/lock-input.ts";
import { postgresSessionRows } from "../../../functions/core/probes/postgres/session-row.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { createJamTables, type Jam, shapes } from "./lock-shapes.ts";
import { createProbeUsers, majors, probeLogin, sessionAs, targetAt } from "./postgres-lab.ts";

const waiters = 40;

describe.each(majors)("who blocks whom on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let session: SqlSession;
  let context: ProbeContext;

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createProbeUsers(server.adminUrl);
    await createJamTables(server);
    session = await sessionAs(probeLogin, server.port);
    context = { target: targetAt(server.port), server: session.server, settings: defaultSettings };
  });

  afterAll(async () => {
    await session?.close();
    await server?.stopNow();
  });

  async function look(): Promise<{ answers: (readonly SqlRow[])[]; forest: LockForest }> {
    const answers: (readonly SqlRow[])[] = [];
    for (const statement of postgresBlocking.statements(context))
      answers.push(await session.query(statement));
    return { answers, forest: lockForestSchema.parse(postgresBlocking.read(answers, context)[0]) };
  }

  async function during(shape: keyof typeof shapes, check: (jam: Jam) => Promise<void>): Promise<void> {
    const jam = await shapes[shape](server, waiters);
    try {
      await check(jam);
    } finally {
      await jam.end();
    }
  }

  /** Node keys; a prepared transaction is pid 0 to the server. */
  async function serverSays(): Promise<Map<string, string[]>> {
    const rows = await session.query({
      sql: "select distinct pid, pg_blocking_pids(pid) as blockers from pg_locks where not granted",
    });
    return new Map(
      rows.map(({ pid, blockers }) => [
        `session:${pid}`,
        [...new Set((Array.isArray(blockers) ? blockers : []).map(String))].sort(),
      ]),
    );
  }

  function weSay([locks = [], activity = [], prepared = []]: readonly (readonly SqlRow[])[]): Map<
    string,
    string[]
  > {
    const pids = (keys: ReadonlySet<string>): string[] =>
      [...keys].map((key) => (key.startsWith("prepared:") ? "0" : key.slice("session:".length))).sort();
    const exact = directBlockers(postgresLockInput(locks, postgresSessionRows(activity), prepared, context));
    return new Map([...exact].map(([owner, keys]) => [owner, pids(keys)]));
  }

  it.each(Object.keys(shapes))("P4 names the same blockers as the server itself: %s", async (name) => {
    const shape = Object.keys(shapes).find((known): known is keyof typeof shapes => known === name);
    if (!shape) throw new Error(name);
    await during(shape, async (jam) => {
      const { answers, forest } = await look();
      const expected = await serverSays();

      expect(expected.size).toBe(jam.waiters);
      expect(weSay(answers)).toEqual(expected);
      expect(forest.waiters).toBe(jam.waiters);
      for (const { key, waitsFor, blockerCount } of forest.nodes) {
        expect([key, blockerCount]).toEqual([key, waitsFor ? expected.get(key)?.length : 0]);
      }
      const roots = forest.nodes.filter(({ parent }) => parent === null);
      expect(roots.map(({ blocksTotal }) => blocksTotal)).toEqual([jam.waiters]);
    });
  });

  it("P4 names what is waited for, and who holds it", async () => {
    await during("star", async () => {
      const { forest } = await look();
      const [root, next, ...rest] = forest.nodes;

      expect(root).toMatchObject({
        session: {
          application: "jam",
          user: "admin",
          state: "idle-in-transaction",
          own: false,
          superuser: false,
        },
        waitsFor: null,
      });
      expect(root?.session?.query).toBe("update public.accounts set balance = balance + ? where id = ?");
      expect(next?.waitsFor?.object).toMatch(/^transaction \d+ \(row \(\d+,\d+\) of public\.accounts\)$/);
      expect(rest[0]?.waitsFor).toMatchObject({
        objectKind: "row",
        object: expect.stringMatching(/^row \(\d+,\d+\) of public\.accounts$/),
      });
    });
  });

  it("P4 D8 hangs the readers behind the queued DDL", async () => {
    await during("ddl-queue", async () => {
      const { forest } = await look();
      const [reader, ddl, ...rest] = forest.nodes;

      expect(reader?.session?.state).toBe("idle-in-transaction");
      expect(ddl).toMatchObject({
        parent: reader?.key,
        behindQueue: false,
        blocksTotal: waiters - 1,
        waitsFor: { object: "public.accounts", objectKind: "table", mode: "AccessExclusiveLock" },
      });
      expect(rest).toHaveLength(waiters - 1);
      expect(rest.every(({ parent, behindQueue }) => parent === ddl?.key && behindQueue)).toBe(true);
    });
  });

  it("P4 D8 shows the prepared transaction that nobody can kill", async () => {
    await during("prepared", async () => {
      const { forest } = await look();

      expect(forest.nodes[0]).toMatchObject({
        key: "prepared:forgotten",
        session: null,
        prepared: { gid: "forgotten", owner: "admin", database: "app" },
        blocksTotal: waiters,
      });
    });
  });

  it("P4 says that nobody waits", async () => {
    expect((await look()).forest).toEqual({
      nodes: [],
      waiters: 0,
      omittedWaiters: 0,
      lockRows: 0,
      cycles: [],
    });
  });
});
