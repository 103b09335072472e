import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import { type LockForest, type LockNode, lockForestSchema } from "../../../functions/core/contract/locks.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { runSql } from "./performance-support.ts";
import { connectAs, createProbeUsers, probeLogin, targetAt } from "./postgres-lab.ts";

const clock = { now: () => performance.now(), sleep: async () => undefined };

describe.each([14, 18] as const)("databases of other encodings on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let opened: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createProbeUsers(server.adminUrl);
    const admin = await open("app");
    for (const [name, encoding] of [
      ["latin", "LATIN1"],
      ["bytes", "SQL_ASCII"],
    ]) {
      await admin.query(
        `create database ${name} template template0 encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`,
      );
    }
  });
  afterAll(() => server?.stopNow());
  afterEach(async () => {
    const left = opened;
    opened = [];
    const others = "pid <> pg_backend_pid() and backend_type = 'client backend'";
    await runSql(server.adminUrl, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
    await closeAll(left);
  });

  async function open(database: string): Promise<Client> {
    const client = new Client({ connectionString: labUrl("postgres", server.port, "rdsadmin", database) });
    client.on("error", () => undefined);
    await client.connect();
    opened.push(client);
    return client;
  }

  /** A statement of `holder` keeps lock 7, and another session of its database waits for it. */
  async function hold(database: string, statement: string): Promise<Client> {
    const [holder, waiter] = [await open(database), await open(database)];
    await holder.query(statement);
    waiter.query("select pg_advisory_lock(7)").catch(() => undefined);
    const waits = "select 1 from pg_locks where locktype = 'advisory' and not granted";
    const watch = await open("app");
    await waitUntil(async () => (await watch.query(waits)).rowCount === 1, { what: "somebody waits" });
    return holder;
  }

  async function look(database: string, tier: "immediate" | "performance"): Promise<ProbeResult[]> {
    const target = targetAt(server.port, { database });
    const result = await connectAs(probeLogin, target, { statementTimeoutMs: 10_000 });
    if (result.kind === "not-connected") throw new Error(result.connection.detail ?? "not connected");
    try {
      const context = { target, server: result.session.server, settings: defaultSettings };
      const asked = probes.filter((probe) => probe.tier === tier && !probe.id.includes("top-statements"));
      return await runProbes(result.session, asked, context, clock);
    } finally {
      await result.session.close();
    }
  }

  const failures = (results: readonly ProbeResult[]): unknown[] =>
    results.filter(({ status }) => status === "failed").map(({ id, reason }) => [id, reason]);

  const forestIn = (results: readonly ProbeResult[]): LockForest =>
    lockForestSchema.parse(results.find(({ id }) => id === "postgres-blocking")?.rows[0]);

  const rootOf = (forest: LockForest): LockNode | undefined =>
    forest.nodes.find(({ parent }) => parent === null);

  it("P1 P3 P4 P5 P6 P11 are not blinded by an idle session whose text is in another encoding", async () => {
    await (await open("latin")).query("select 'café'");
    const [idle, busy] = [await open("latin"), await open("latin")];
    await idle.query("begin");
    await idle.query("select 'café', txid_current()");
    busy.query("select 'crème', pg_sleep(60)").catch(() => undefined);
    await hold("app", "select pg_advisory_lock(7)");
    const immediate = await look("app", "immediate");

    expect(failures(immediate)).toEqual([]);
    expect(forestIn(immediate)).toMatchObject({ waiters: 1 });
    expect(failures(await look("app", "performance"))).toEqual([]);
  });

  it("A40 reads what is plain of another encoding's text, and opts out what it cannot read", async () => {
    await hold("latin", "select pg_advisory_lock(7)");
    expect(rootOf(forestIn(await look("app", "immediate")))?.session?.query).toBe(
      "select pg_advisory_lock(?)",
    );
    await closeAll(opened);
    await hold("latin", "select pg_advisory_lock(7) as café");
    const query = rootOf(forestIn(await look("app", "immediate")))?.session?.query;

    expect(query).toContain("select pg_advisory_lock(?) as caf");
    expect(query).toContain(`/* ${defaultSettings.policy.optOutComment}, for not all of it could be read */`);
  });

  it("P1 P3 P4 are not blinded by bytes that are of no encoding, in a database that takes all", async () => {
    // As long as the server keeps of a text, so that it cuts the last character in two.
    await (await open("bytes")).query(`select 'x${"é".repeat(3000)}'`);
    await hold("bytes", "select pg_advisory_lock(7)");
    const results = await look("bytes", "immediate");

    expect(failures(results)).toEqual([]);
    expect(rootOf(forestIn(results))?.session?.query).toBe("select pg_advisory_lock(?)");
  });

  it("A40 reads the whole text of an idle session that holds a lock", async () => {
    await hold("app", `select pg_advisory_lock(7), length('${"x".repeat(2500)}') as nightly_close`);
    const results = await look("app", "immediate");

    expect(rootOf(forestIn(results))?.session).toMatchObject({
      state: "idle",
      query: "select pg_advisory_lock(?), length(?) as nightly_close",
    });
  });
});
