import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../../functions/core/contract/evidence.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { authFailures as rule } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aMetric, aTarget, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { someRates } from "../../../support/load-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

const refused = aConnection({
  status: "not-connected",
  failedStep: "sign-in",
  detail: 'password authentication failed for user "rds_responder"',
  pointsTo: "user or password is not accepted",
});

function logs(lines: readonly string[]): NonNullable<Evidence["context"]> {
  return {
    schema: "database-context.v1",
    readAt: "2026-11-21T10:00:00.000Z",
    topology: null,
    readings: [],
    events: null,
    logs: [{ file: "error.log", kind: "error", lastWrittenAt: null, lines: [...lines], truncated: false }],
    load: null,
    backups: null,
    changes: null,
  };
}

function inLog(lines: readonly string[]) {
  const engine = /UTC:|FATAL/.test(lines[0] ?? "") ? "postgres" : "mysql";
  return rule.evaluate(aView({ overrides: { context: logs(lines), target: aTarget({ engine }) } }))[0];
}

function times(count: number, line: string): string[] {
  return Array.from({ length: count }, () => line);
}

describe("auth-failures", () => {
  it("D4 makes a refused sign-in the cause of not being able to look", () => {
    const diagnosis = diagnose(
      someEvidence({ overrides: { connection: refused, probes: [] } }),
      defaultSettings,
    );
    expect(diagnosis.rootCauses).toEqual(["auth-failures"]);
    expect(diagnosis.findings.map(({ id }) => id)).toEqual(["auth-failures", "database-unreachable"]);
    expect(diagnosis.headline).toContain("refuses the responder's sign-in");
    expect(diagnosis.severity).toBe("P1");
  });

  it("D7 is surer when the log shows that others are refused as well", () => {
    const line =
      '2026-11-21 09:58:01 UTC:10.0.0.7(54):shop@app:[7]:FATAL: password authentication failed for user "shop"';
    const overrides = { connection: refused, probes: [], context: logs(times(30, line)) };
    const [finding] = rule.evaluate(aView({ overrides }));
    expect(finding?.confidence).toBe(0.95);
    expect(finding?.summary).toContain("30 refused sign-ins in the log within 1 min (shop 30)");
  });

  it("T five refused sign-ins a minute are an incident, four are somebody's typing", () => {
    const line =
      '2026-11-21 09:58:01 UTC:10.0.0.7(54):[unknown]@[unknown]:[7]:FATAL: PAM authentication failed for user "iam_app"';
    expect(inLog(times(5, line))).toMatchObject({ severity: "P2" });
    expect(inLog(times(5, line))?.summary).toContain("iam_app 5");
    expect(inLog(times(4, line))).toBeUndefined();
  });

  it("T a scanner that tries several names once each is nobody's client; one of them again, or for longer, is", () => {
    const names = ["root", "admin", "mysql", "test", "backup", "sa"];
    const line = (name: string, second = 1, minute = 58) =>
      `2026-11-21 9:${minute}:0${second} 70 [Warning] Access denied for user '${name}'@'10.60.200.14' (using password: YES)`;
    const scan = names.map((name, index) => line(name, index));
    expect(inLog(scan)).toBeUndefined();
    expect(inLog([...scan, line("sa", 7)])).toMatchObject({ severity: "P2" });
    expect(inLog(times(6, line("shop")))).toMatchObject({ severity: "P2" });
    const tenants = Array.from({ length: 12 }, (_, index) =>
      line(`tenant_${index}`, index % 10, 56 + (index % 3)),
    );
    expect(inLog(tenants)).toMatchObject({ severity: "P2" });
    // RDS's second prefix has milliseconds, and PostgreSQL's the address in it.
    const postgres = names.map(
      (name, index) =>
        `2026-11-21 09:58:0${index}.123 UTC:10.60.200.14(5${index}):${name}@app:[3${index}]:FATAL: password authentication failed for user "${name}"`,
    );
    expect(inLog(postgres)).toBeUndefined();
    const services = scan.map((each, index) => each.replace("10.60.200.14", `10.60.7.${index}`));
    expect(inLog(services)).toMatchObject({ severity: "P2" });
  });

  it("T an old one thins no storm of now", () => {
    const line = '2026-11-21 09:58:01 UTC::@:[7]:FATAL: password authentication failed for user "shop"';
    const old = line.replace("09:58", "09:47");
    expect(inLog([old, ...times(5, line)])).toMatchObject({ severity: "P2" });
    expect(inLog([...times(4, old), ...times(4, line)])).toBeUndefined();
  });

  it.each([
    `2026-11-21T09:58:01.123456Z 12 [Note] [MY-010926] [Server] Access denied for user 'shop'@'10.0.0.7' (using password: YES)`,
    `2026-11-21  9:58:01 12 [Warning] Access denied for user 'shop'@'10.0.0.7' (using password: YES)`,
    `2026-11-21 09:58:01 UTC:10.0.0.7(5):[unknown]@[unknown]:[3]:FATAL: no pg_hba.conf entry for host "10.0.0.7", user "shop", database "app", no encryption`,
    `2026-11-21 09:58:01 UTC:10.0.0.7(5):shop@app:[3]:FATAL: role "shop" does not exist`,
  ])("D4 reads what the servers write: %s", (line) => {
    expect(inLog(times(9, line))?.summary).toContain("(shop 9)");
  });

  it.each([
    [
      `no pg_hba.conf entry for host "10.0.0.7", user "shop", database "app", no encryption`,
      "they come without encryption",
    ],
    [`no pg_hba.conf entry for host "10.0.0.7", user "shop", database "app", SSL off`, "without encryption"],
    [
      `no pg_hba.conf entry for host "10.0.0.7", user "shop", database "app", SSL encryption`,
      "no line of pg_hba.conf lets that user",
    ],
    [
      `28000: no pg_hba.conf entry for host "10.0.0.7", user "shop", database "app", no encryption`,
      "they come without encryption",
    ],
    [`password authentication failed for user "shop"`, "their password is not accepted"],
    [`PAM authentication failed for user "shop"`, "their IAM token is not accepted"],
    [`role "shop" does not exist`, "there is no such role"],
    [`role "shop" is not permitted to log in`, "may not log in"],
    ["Access denied for user 'shop'@'10.0.0.7' (using password: NO)", "they send no password"],
    ["Access denied for user 'shop'@'10.0.0.7' (using password: YES)", "or no account has that name"],
  ])("D2 says why, once for each line: %s", (text, why) => {
    const head = text.startsWith("Access")
      ? "2026-11-21T09:58:01.123456Z 12 [Note] [MY-010926] [Server]"
      : "2026-11-21 09:58:01 UTC:10.0.0.7(5):shop@app:[3]:FATAL:";
    const says = inLog(times(9, `${head} ${text}`))?.evidence;
    expect(says?.filter((line) => line.says.includes(" of them: "))).toEqual([
      { source: "error log", says: expect.stringContaining(`9 of them: `) },
    ]);
    expect(says?.at(-1)?.says).toContain(why);
  });

  it("D4 leaves other errors, old lines and lines without a time alone", () => {
    const old = '2026-11-21 09:30:01 UTC::@:[7]:FATAL: password authentication failed for user "shop"';
    expect(inLog(times(50, old))).toBeUndefined();
    expect(inLog(times(50, 'FATAL: password authentication failed for user "shop"'))).toBeUndefined();
    expect(
      inLog(times(50, '2026-11-21 09:58:01 UTC::@:[7]:ERROR: role "x" cannot be dropped')),
    ).toBeUndefined();
  });

  it("D4 knows them from Aurora's metric, and is silent without any sign", () => {
    const at = (perSecond: number) =>
      rule.evaluate(aView({ overrides: { metrics: [aMetric("LoginFailures", [perSecond])] } }))[0];
    expect(at(0.1)?.summary).toContain("6 refused sign-ins per minute");
    expect(at(0.05)).toBeUndefined();
    expect(rule.evaluate(aView())).toEqual([]);
  });

  it("D4 takes connections that never tried to sign in for health checks, where the server counts them", () => {
    const at = (aborted: number, before: number | null) => {
      const row = someRates({
        connectionsPerSecond: aborted + 3,
        abortedConnectsPerSecond: aborted,
        abortedBeforeSignInPerSecond: before,
      });
      return rule.evaluate(metricView({ probes: { "mysql-innodb-rates": [row] } }))[0];
    };
    expect(at(4, 4)).toBeUndefined();
    expect(at(4, null)).toMatchObject({ severity: "P2", confidence: 0.6 });
    expect(at(9, 4)?.summary).toContain(
      "300 connection attempts per minute fail (42 % of all), not counting 240",
    );
    expect(at(9, 4)?.confidence).toBe(0.8);
  });

  it("P1 says nothing about a way that is closed", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "tcp" });
    expect(rule.evaluate(aView({ overrides: { connection, probes: [] } }))).toEqual([]);
  });
});
