import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { itsSchedules } from "../../../functions/core/remedies/schedule-remedies.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { aTarget, aView } from "../../support/evidence-builder.ts";
import { aSession } from "../../support/forest-builder.ts";
import { aStatement, lookedDeeper } from "../../support/statement-builder.ts";

const roleArn = "arn:aws:iam::123456789012:role/report";
const settingsWith = (feeds: object) =>
  settingsSchema.parse({
    policy: { schedules: [{ kind: "schedule", name: "report", group: "jobs", roleArn, feeds }] },
  });
const session = aSession(812, { application: "report-7", user: "reports", query: "SELECT big FROM t" });

describe("schedules that the settings name", () => {
  it.each<[object, boolean]>([
    [{ application: "Report-*" }, true],
    [{ application: "report-*", user: "reports" }, true],
    [{ application: "report-*", user: "shop" }, false],
    [{ statement: "select BIG" }, true],
    [{ statement: "select small" }, false],
    [{ user: "reporter" }, false],
  ])("A14 are proposed for the client that they feed: %j", (feeds, isIts) => {
    const view = aView({ sessions: [session] }, settingsWith(feeds));
    const actions = itsSchedules(view, "session:812");
    expect(actions.map(({ id }) => id)).toEqual(isIts ? ["pause-schedule"] : []);
    if (isIts)
      expect(actions[0]).toMatchObject({
        input: { kind: "schedule", name: "report", group: "jobs", roleArn, runs: false, mark: null },
        preview: expect.stringMatching(/^aws scheduler update-schedule .*--region eu-west-1$/),
      });
  });

  it("A14 are proposed where a root cause is theirs alone, and for RDS only", () => {
    const dear = { averageSessions: 1.6, callsPerSecond: 2, meanSeconds: 0.8, percentOfTime: 97 } as const;
    const query = "SELECT count(*) FROM a JOIN b ON a.mail = b.mail WHERE a.x = $1";
    const settings = settingsWith({ application: "report*" });
    const runs = (id: number, application: string) =>
      aSession(id, { query: query.replace("$1", "?"), application, statementSeconds: 0.4 });
    const proposed = (applications: readonly string[], accountId: string | null = "123456789012") => {
      const sessions = applications.map((application, index) => runs(index + 1, application));
      const rows = { "postgres-top-statements": [aStatement({ query, now: dear })] };
      const { evidence } = lookedDeeper(rows, { sessions });
      const { findings } = diagnose({ ...evidence, target: aTarget({ accountId }) }, settings);
      return findings.flatMap(({ actions }) => actions).filter(({ id }) => id === "pause-schedule").length;
    };
    expect(proposed(["report-1", "report-2"])).toBe(1);
    expect(proposed(["report-1", "web"])).toBe(0);
    expect(proposed(["report-1"], null)).toBe(0);
  });

  it("A14 are refused in the settings where they say of nobody that they are theirs, or of which role", () => {
    const parse = (schedule: object) =>
      settingsSchema.safeParse({ policy: { schedules: [schedule] } }).success;
    expect(parse({ kind: "rule", name: "nightly", feeds: { user: "reports" } })).toBe(true);
    expect(parse({ kind: "rule", name: "nightly", feeds: {} })).toBe(false);
    expect(parse({ kind: "rule", name: "night*", feeds: { user: "reports" } })).toBe(false);
    expect(parse({ kind: "rule", name: "nightly", feeds: { users: "reports" } })).toBe(false);
    expect(parse({ kind: "schedule", name: "nightly", feeds: { user: "reports" } })).toBe(false);
  });
});
