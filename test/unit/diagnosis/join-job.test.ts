import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import type { CronRow } from "../../../functions/core/probes/postgres/cron-jobs-rows.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { aSession } from "../../support/forest-builder.ts";
import { aStatement, lookedDeeper } from "../../support/statement-builder.ts";

const query = "SELECT count(*) FROM a JOIN b ON a.mail = b.mail WHERE a.x = $1";
const dear = { averageSessions: 1.6, meanSeconds: 0.8, percentOfTime: 97 } as const;
/** Once in a minute in which a job of every minute begins once. */
const once = { intervalSeconds: 60, callsPerSecond: 1 / 60 };
const seen = {
  ...{ jobId: 7, name: "mails", schedule: "* * * * *", digest: "0".repeat(32), database: "shop" },
  ...{ owner: "shop", command: "select count(*) from a join b on a.mail = b.mail where a.x = ?" },
};
const job = { kind: "job" as const, ...seen, active: true, pids: [] as number[] };

function rootOf(
  rows: readonly CronRow[],
  sessions: readonly Session[] = [],
  policy: object = {},
  now: { readonly intervalSeconds: number; readonly callsPerSecond: number } = once,
) {
  const view = lookedDeeper(
    {
      "postgres-top-statements": [aStatement({ query, now: { ...dear, ...now } })],
      "postgres-cron-jobs": [...rows],
    },
    { sessions: [...sessions] },
  );
  const settings = settingsSchema.parse({ policy });
  const { findings, rootCauses } = diagnose(view.evidence, settings);
  const root = findings.find(({ key }) => key === rootCauses[0]);
  const last = root?.evidence.at(-1);
  return {
    id: root?.id,
    pauses: (root?.actions ?? []).filter(({ id }) => id === "pause-cron-job"),
    says: last?.source === "postgres-cron-jobs" ? last.says : null,
  };
}
const runs = (id: number, application: string) =>
  aSession(id, { query: query.replace("$1", "?"), application, statementSeconds: 0.4 });

describe("a root cause that a job of pg_cron begins", () => {
  it("A14 is told with its job, which a person may pause, running or between two runs", () => {
    const running = { rows: [{ ...job, pids: [812] }], sessions: [runs(812, "pg_cron")] };
    for (const { rows, sessions } of [running, { rows: [job], sessions: [] }]) {
      const { id, pauses, says } = rootOf(rows, sessions);
      expect(id).toBe("expensive-statement");
      const { command: _command, ...input } = seen;
      expect(pauses).toMatchObject([{ automatic: true, input: { ...input, runs: false }, frees: null }]);
      expect(pauses[0]?.preview).toContain("cron.alter_job(jobid");
      expect(says).toContain('job 7 "mails" of pg_cron');
    }
  });

  it("A14 is no job's where others run the same, or another user does", () => {
    const both = [runs(812, "pg_cron"), runs(813, "web")];
    expect(rootOf([{ ...job, pids: [812] }], both)).toMatchObject({ pauses: [], says: null });
    expect(rootOf([{ ...job, owner: "reports" }])).toMatchObject({ pauses: [], says: null });
    expect(rootOf([])).toMatchObject({ pauses: [], says: null });
  });

  it("A14 names a job that is paused already or protected, and proposes nothing", () => {
    expect(rootOf([{ ...job, active: false }])).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining("is paused already") },
    });
    expect(rootOf([job], [], { protectedUsers: ["shop"] })).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining("protected list") },
    });
    expect(rootOf([{ ...job, command: `${job.command} /* rds-responder:never */` }])).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining("rds-responder:never") },
    });
  });

  it("A14 is only told that it may be one of them, where several look the same or none has begun what was seen", () => {
    const yearly = { ...job, jobId: 8, schedule: "0 3 1 1 *", digest: "1".repeat(32) };
    const each10s = { ...job, schedule: "10 seconds" };
    expect(rootOf([yearly, each10s])).toMatchObject({ pauses: [{ input: { jobId: 7 } }] });
    expect(rootOf([yearly])).toMatchObject({
      ...{
        pauses: [],
        says: expect.stringContaining("job 8 (0 3 1 1 *) of pg_cron may be it: by its schedule"),
      },
    });
    expect(rootOf([{ ...yearly, schedule: "* * * * *" }, each10s])).toMatchObject({
      ...{
        pauses: [],
        says: expect.stringContaining("one of jobs 8 (* * * * *), 7 (10 seconds) of pg_cron"),
      },
    });
    expect(rootOf([each10s], [], {}, { intervalSeconds: 60, callsPerSecond: 8 / 60 })).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining("may be it: by its schedule") },
    });
    expect(rootOf([{ ...job, database: "another" }])).toMatchObject({ pauses: [], says: null });
  });

  it.each([
    // Somebody sends it once a minute, and the job once an hour.
    ["5 * * * *", { intervalSeconds: 60, callsPerSecond: 1 / 60 }, "begins too seldom"],
    ["5 * * * *", { intervalSeconds: 3600, callsPerSecond: 1 / 60 }, "by its schedule it does not begin"],
    ["@hourly", { intervalSeconds: 1, callsPerSecond: 1 }, "begins too seldom"],
    // A reading of a second says nothing of a minute, nor one of 59 seconds.
    ["* * * * *", { intervalSeconds: 1, callsPerSecond: 1 }, "begins too seldom"],
    ["* * * * *", { intervalSeconds: 59, callsPerSecond: 1 / 59 }, "begins too seldom"],
    ["* * * * *", { intervalSeconds: 59, callsPerSecond: 2 / 59 }, "by its schedule it does not begin"],
    ["* * * * *", { intervalSeconds: 60, callsPerSecond: 3 / 60 }, "by its schedule it does not begin"],
  ])("A14 is at the most perhaps a job of %s by %o: it %s", (schedule, now, because) => {
    expect(rootOf([{ ...job, schedule }], [], {}, now)).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining(`job 7 (${schedule}) of pg_cron may be it: `) },
    });
    expect(rootOf([{ ...job, schedule }], [], {}, now).says).toContain(because);
  });

  it.each([
    ["5 * * * *", { intervalSeconds: 3600, callsPerSecond: 1 / 3600 }],
    ["* * * * *", { intervalSeconds: 60, callsPerSecond: 2 / 60 }],
    ["1 second", { intervalSeconds: 1, callsPerSecond: 2 }],
  ])("A14 is a job of %s by %o: so often it begins", (schedule, now) => {
    expect(rootOf([{ ...job, schedule }], [], {}, now)).toMatchObject({ pauses: [{ input: { schedule } }] });
  });

  it("A14 is neither of two, of which one begins so often and the other might have", () => {
    const hourly = { ...job, jobId: 8, schedule: "5 * * * *", digest: "1".repeat(32) };
    expect(rootOf([hourly, job])).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining("one of jobs 7 (* * * * *), 8 (5 * * * *)") },
    });
  });

  it("A14 is none of two that this run may be of", () => {
    const rows = [7, 8].map((jobId) => ({ ...job, jobId, pids: [812] }));
    expect(rootOf(rows, [runs(812, "pg_cron")])).toMatchObject({
      ...{ pauses: [], says: expect.stringContaining("one of jobs 7 (* * * * *), 8 (* * * * *)") },
    });
  });

  it("A14 says what could not be seen of it, and shows the statement for its owner", () => {
    const unseen = { kind: "unseen" as const, pid: 812, keptIn: "postgres", because: "row security" };
    const { pauses, says } = rootOf([unseen], [runs(812, "pg_cron")]);
    expect(says).toBe("it is a job of pg_cron, which could not be seen: row security");
    expect(pauses).toMatchObject([
      { automatic: false, describes: expect.stringContaining("in database postgres") },
    ]);
    expect(pauses[0]?.preview).toContain("job_pid = 812");
  });
});
