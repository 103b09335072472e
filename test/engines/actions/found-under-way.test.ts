import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import type { Databases, SqlSession } from "../../../functions/core/ports.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, databasesAs, execute, limits, orderFor, targetOf } from "./support.ts";

const id = "refresh-materialized-view";
const input = { schema: "public", name: "totals", concurrently: false };
const statement = { sql: "REFRESH MATERIALIZED VIEW public.totals" };
/** It ends once nobody holds the lock, which is each database's own. */
const made = `create function public.held() returns int language sql volatile as
    'select length(pg_advisory_xact_lock_shared(7)::text)';
  create materialized view public.totals as select 1 as id, public.held() as v with no data;
  alter materialized view public.totals owner to actor`;

describe.each([14, 18] as const)("what an attempt before has begun on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let here: Client;
  let elsewhere: Client;
  const own: SqlSession[] = [];
  beforeAll(async () => {
    server = await startPostgres({ major });
    await createLabUsers(server);
    here = await openSession(server, { user: "rdsadmin" });
    for (const sql of actorStatements("postgres")) await here.query(sql);
    await here.query("create database elsewhere");
    elsewhere = await openSession(server, { user: "rdsadmin", database: "elsewhere" });
    for (const one of [here, elsewhere]) await one.query(made);
  });
  afterAll(async () => {
    await Promise.allSettled(own.map((session) => session.close()));
    await closeAll([here, elsewhere]);
    await server?.stopNow();
  });

  const underWay = async (): Promise<boolean> => {
    const sees =
      "select from pg_stat_activity where usename = 'actor' and state = 'active' and query like '%REFRESH%'";
    return (await here.query(sees)).rowCount === 1;
  };
  /** As an attempt of ours would, whose function has died. */
  async function begin(database: string): Promise<void> {
    const connected = await databasesAs("actor").connect(
      { ...targetOf(server), database },
      { ...limits, purpose: "act" },
    );
    if (connected.kind !== "connected") throw new Error(JSON.stringify(connected.connection));
    own.push(connected.session);
    await connected.session.limit(60_000);
    expect(await connected.session.begin(statement, 200)).not.toBe("ended");
    expect(await underWay()).toBe(true);
  }
  async function release(of: Client): Promise<void> {
    await of.query("select pg_advisory_unlock_all()");
    await waitUntil(async () => ((await underWay()) ? null : true), { what: "it has ended" });
  }

  it("A11 is another object's in another database: this one gets a statement of its own", async () => {
    await elsewhere.query("select pg_advisory_lock(7)");
    await begin("elsewhere");
    expect(await execute(server, id, input)).toMatchObject({ status: "done", mayHaveActed: true });
    const filled = "select relispopulated as is from pg_class where relname = 'totals'";
    expect((await here.query(filled)).rows).toEqual([{ is: true }]);
    await release(elsewhere);
  });

  it("A11 is not sent again by a repeat when it ends between the check and the act", async () => {
    await here.query("select pg_advisory_lock(7)");
    await begin(server.database);
    const sent: string[] = [];
    let looks = 0;
    const onSecondLook = (session: SqlSession): SqlSession => ({
      ...session,
      query: async (asked, signal) => {
        if (asked.sql.includes("left(query, 900)")) looks += 1;
        if (looks === 2) await release(here);
        return session.query(asked, signal);
      },
      begin: (asked, ...rest) => {
        sent.push(asked.sql);
        return session.begin(asked, ...rest);
      },
    });
    const databases: Databases = {
      connect: async (...args) => {
        const connected = await databasesAs("actor").connect(...args);
        return connected.kind === "connected"
          ? { ...connected, session: onSecondLook(connected.session) }
          : connected;
      },
    };
    const outcome = await executeOrder(
      orderFor(server, id, input),
      { databases, repeated: true, clock: createSystemClock(), probing: defaultSettings.probing },
      AbortSignal.timeout(45_000),
    );
    expect(looks).toBeGreaterThanOrEqual(2);
    expect(sent).toEqual([]);
    expect(outcome).toMatchObject({ status: "not-verified", summary: expect.stringContaining("no trace") });
  });
});
