import type { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { pauseCronJobOffer } from "../../../functions/core/actions/database/pause-cron-job.ts";
import type { Finding } from "../../../functions/core/contract/finding.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../../functions/core/probes/run-probes.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { databasesWith } from "../../../functions/wiring-databases.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { cronAvailability, startCronPostgres } from "../../lab/engines/postgres-cron.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import { actorStatements, type ExecuteOptions, execute, targetOf } from "./support.ts";

/** pg_cron begins at the full minute, and a loaded machine somewhat later. */
const aMinute = { timeoutMs: 80_000, everyMs: 250 };
const command = "update public.stock set v = v + 1 where id = 1; select pg_sleep(600)";
const settings = settingsSchema.parse({ thresholds: { slowQuerySeconds: 0.2, manyWaitingSeconds: 0.2 } });

describeEngine("jobs of pg_cron", await cronAvailability(), () => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];
  const job = {
    ...{ jobId: 1, name: "restock", schedule: "* * * * *", digest: "", database: "app", owner: "shop" },
    runs: false,
  };

  beforeAll(async () => {
    server = await startCronPostgres({ replicas: 1 });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query(`create table public.stock (id int primary key, v int); insert into public.stock values (1, 1);
      grant all on public.stock to shop; grant usage on schema cron to shop; create table public.strange (job bigint)`);
    const shop = await openSession(server, { user: "shop" });
    open.push(shop);
    await shop.query("select cron.schedule('restock', '* * * * *', $1)", [command]);
    await shop.query("select cron.schedule('beside', '* * * * *', 'select 1')");
    job.digest = await ask(`select md5(command) from cron.job where jobid = 1`);
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const ask = async (sql: string): Promise<string> =>
    String(Object.values((await root.query(sql)).rows[0] ?? {})[0] ?? "");
  const pause = (input: object = {}, options: ExecuteOptions = {}): Promise<Outcome> =>
    execute(server, "pause-cron-job", { ...job, ...input }, options);
  const active = (): Promise<string> => ask("select active from cron.job where jobid = 1");
  const running = (): Promise<string> =>
    ask("select job_pid from cron.job_run_details where jobid = 1 and status = 'running'");

  async function reported(database = "app") {
    const credentials = async () => ({ user: "rds_responder", password: "choose-one", iam: false });
    return collectProbeReport(
      databasesWith(credentials, { mode: "off" }),
      { ...targetOf(server), database },
      ...([settings, probes, ["immediate", "performance"]] as const),
      createSystemClock(),
      AbortSignal.timeout(60_000),
    );
  }

  async function found(database = "app"): Promise<Finding> {
    const report = await reported(database);
    const diagnosis = diagnose({ ...someEvidence(), ...report, schema: "evidence.v1" }, settings);
    const subject = `session:${await running()}`;
    const root = diagnosis.findings.find(
      ({ key }) => diagnosis.rootCauses.includes(key) && key.endsWith(subject),
    );
    if (root === undefined) throw new Error(JSON.stringify(diagnosis.findings.map(({ key }) => key)));
    return root;
  }

  it("A14 tells whose job it is that others wait for, proposes to pause it, and says what it could not see", async () => {
    const script = grantScript({ engine: "postgres", role: "probe", auth: "password" });
    await root.query(script.slice(0, script.indexOf("-- May be left out")));
    await waitUntil(async () => (await running()) !== "", { what: "its job runs", ...aMinute });
    for (let waiter = 0; waiter < 6; waiter += 1) {
      const client = await openSession(server, { user: "shop", applicationName: "web" });
      open.push(client);
      void client.query("update public.stock set v = 0 where id = 1").catch(() => undefined);
    }
    const waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    await waitUntil(
      async () => (await ask(`${waiting} and query_start < now() - interval '1 second'`)) === "6",
      {
        what: "six have waited",
      },
    );
    const blind = await found();
    expect(blind.actions).toContainEqual(
      expect.objectContaining({
        id: "pause-cron-job",
        automatic: false,
        preview: expect.stringContaining(await running()),
      }),
    );
    expect(blind.evidence.at(-1)?.says).toContain("no USAGE on schema cron");
    expect((await found("postgres")).evidence.at(-1)?.says).toContain("keeps its jobs in database app");
    await root.query("grant usage on schema cron to rds_responder");
    expect((await found()).evidence.at(-1)?.says).toContain("row security");
    await root.query(
      "revoke usage on schema cron from rds_responder; drop owned by rds_responder; drop role rds_responder",
    );
    await root.query(script);
    const seen = await found();
    expect(seen.actions.at(-1)).toMatchObject({
      ...{ id: "pause-cron-job", automatic: true, input: job },
      consequence: expect.stringContaining("the run that has begun is not ended by this"),
    });
    expect(seen.evidence.at(-1)?.says).toContain(
      'job 1 "restock" of pg_cron (* * * * *), of shop in database app',
    );
    const impostor = await openSession(server, { user: "shop", applicationName: "pg_cron" });
    open.push(impostor);
    const pid = Number((await impostor.query("select pg_backend_pid() as pid")).rows[0].pid);
    void impostor.query(command).catch(() => undefined);
    const { probes: answers } = await reported();
    const rows = JSON.stringify(answers.find(({ id }) => id === "postgres-cron-jobs"));
    expect(rows).toContain(`"pids":[${await running()}]`);
    expect(rows).toMatch(new RegExp(`"kind":"unseen","pid":${pid}\\b[^}]*"byName":true`));
  }, 150_000);

  it("A14 says whose right is missing, and grants of the script give it", async () => {
    expect(await pause()).toMatchObject({
      refusal: { guard: "not-the-owner", release: expect.stringContaining('GRANT "shop" TO') },
    });
    await root.query("grant shop to actor");
    expect(await pause()).toMatchObject({
      refusal: {
        guard: "grant-missing",
        release: expect.stringContaining("GRANT EXECUTE ON FUNCTION cron.alter_job"),
      },
    });
    const script = grantScript({ engine: "postgres", role: "act", auth: "password", objects: "shop" });
    await root.query(script);
    expect(await pause({}, { dryRun: true })).toMatchObject({ refusal: null });
    expect(await pause({ owner: "nobody" })).toMatchObject({ refusal: { guard: "not-the-owner" } });
    expect(await pause({}, { guards: { protectedUsers: ["sh*"] } })).toMatchObject({
      refusal: { guard: "protected-user" },
    });
    expect(await pause({}, { guards: { protectedQueries: ["pg_sleep"] } })).toMatchObject({
      refusal: { guard: "protected-query" },
    });
    expect(await active()).toBe("true");
  });

  it("A14 asks for the database that keeps the jobs, and for the writer", async () => {
    expect(await pause({}, { database: "postgres" })).toMatchObject({ refusal: { guard: "other-database" } });
    const [replica] = server.replicas;
    if (replica === undefined) throw new Error("no replica");
    await waitUntil(
      async () =>
        (await execute({ ...server, port: replica.port }, "pause-cron-job", job)).refusal?.guard ===
        "replica",
      {
        what: "the replica has the role",
      },
    );
  });

  it("A14 runs no code of a stranger's under the name of pg_cron", async () => {
    await root.query(`alter function ${"cron.alter_job(bigint,text,text,text,text,boolean)"} rename to own_alter_job;
      create function cron.alter_job(bigint, text, text, text, text, boolean) returns void language sql as 'insert into public.strange values ($1)';
      grant execute on function cron.alter_job(bigint, text, text, text, text, boolean) to shop`);
    expect(await pause()).toMatchObject({ refusal: { guard: "not-the-extension" } });
    // It comes in between: the statement looks itself.
    await root.query(pauseCronJobOffer.preview(job, targetOf(server)).split(";\n")[1] ?? "");
    expect(await ask("select count(*) from public.strange")).toBe("0");
    await root.query(`drop function cron.alter_job(bigint, text, text, text, text, boolean);
      alter function cron.own_alter_job(bigint, text, text, text, text, boolean) rename to alter_job`);
    expect(await pause({}, { dryRun: true })).toMatchObject({ refusal: null });
  });

  it("A14 pauses no job that is not as it was seen", async () => {
    for (const [change, back] of [
      ["schedule = '*/5 * * * *'", "schedule = '* * * * *'"],
      ["command = command || ' '", "command = rtrim(command)"],
      ["jobname = 'other'", "jobname = 'restock'"],
      ["database = 'postgres'", "database = 'app'"],
    ]) {
      await root.query(`update cron.job set ${change} where jobid = 1`);
      expect(await pause()).toMatchObject({ refusal: { guard: "changed-since" } });
      await root.query(pauseCronJobOffer.preview(job, targetOf(server)));
      await root.query(`reset role; update cron.job set ${back} where jobid = 1`);
    }
    expect(await pause({ jobId: 99 })).toMatchObject({ refusal: { guard: "no-such-object" } });
    expect(await active()).toBe("true");
  });

  it("A14 pauses a job, once; it begins no more while others do, and its undo lets it run again", async () => {
    const before = await running();
    const paused = await pause();
    expect(paused).toMatchObject({ status: "done", undo: { input: { ...job, runs: true } } });
    expect(await active()).toBe("false");
    expect(await running()).toBe(before);
    expect(await pause()).toMatchObject({ status: "already-done" });
    expect(await pause({}, { repeated: true })).toMatchObject({
      ...{ status: "already-done", undo: { actionId: "pause-cron-job", input: { runs: true } } },
      summary: expect.stringContaining("An earlier attempt"),
    });
    const runs = "select count(*) from cron.job_run_details where jobid";
    const beside = Number(await ask(`${runs} = 2 and status = 'succeeded'`));
    const own = await ask(`${runs} = 1`);
    await root.query("select pg_terminate_backend($1)", [Number(before)]);
    await waitUntil(async () => Number(await ask(`${runs} = 2 and status = 'succeeded'`)) > beside, {
      what: "the other job has run in the next minute",
      ...aMinute,
    });
    expect(await ask(`${runs} = 1`)).toBe(own);
    expect(await execute(server, "pause-cron-job", paused.undo?.input ?? null)).toMatchObject({
      status: "done",
    });
    expect(await active()).toBe("true");
    // Whoever has resumed it since is not paused again by another attempt of that order.
    expect(await pause({}, { repeated: true })).toMatchObject({ refusal: { guard: "maybe-set-back" } });
    expect(await active()).toBe("true");
    await waitUntil(async () => Number(await ask(`${runs} = 1`)) > Number(own), {
      what: "it runs again",
      ...aMinute,
    });
  }, 200_000);
});
