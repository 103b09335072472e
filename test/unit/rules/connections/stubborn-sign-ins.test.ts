import { describe, expect, it } from "vitest";
import { authFailures as rule } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

const expired = 'User "etl" has an expired password. Connection ? file "pg_hba.conf" line ?';

/** Once a minute, by a client that tries again by itself. */
function seen(minutes: readonly number[], connections: number, usual: number, detail = expired) {
  const lines = minutes.flatMap((minute) => {
    const head = `2026-11-21 09:${minute}:41 UTC:10.12.8.20(5${minute}):etl@ledger:[${minute}]:`;
    return [`${head}FATAL: password authentication failed for user "etl"`, `${head}DETAIL: ${detail}`];
  });
  const log = { file: "error/postgresql.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const view = metricView({
    values: { DatabaseConnections: Array.from({ length: 14 }, () => connections), CPUUtilization: [17, 17] },
    readings: {
      DatabaseConnections: { baselineDay: usual, baselineWeek: usual },
      CPUUtilization: { baselineDay: 21, baselineWeek: 21 },
    },
    context: { logs: [{ ...log, lines }] },
    overrides: { target: aTarget({ engine: "postgres" }) },
  });
  return rule.evaluate(view)[0];
}

const steady = [52, 53, 54, 55, 56, 57, 58, 59];

describe("auth-failures of one client that goes on", () => {
  it("T is an incident at one a minute, where connections are missing, and says why", () => {
    const finding = seen(steady, 46, 88);
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("(etl 8)");
    expect(finding?.summary).toContain("; 46 connections, 88 as a rule at this time");
    expect(finding?.evidence.at(-1)?.says).toContain("8 of them: the term of their password is over");
  });

  it("T is none where nobody is missing", () => {
    expect(seen(steady, 86, 88)).toBeUndefined();
  });

  it("T neither are a person who gives up, one who did minutes ago, and two who tried five minutes apart", () => {
    expect(seen([57, 58, 59], 46, 88)).toBeUndefined();
    expect(seen([51, 52, 53, 57, 58, 59], 46, 88)).toBeUndefined();
    expect(seen([49, 50, 51, 52, 53, 54, 55], 46, 88)).toBeUndefined();
  });

  it("D2 another detail is another reason", () => {
    const says = seen(steady, 46, 88, 'Password does not match for user "etl".')?.evidence.at(-1)?.says;
    expect(says).toContain("their password is not accepted: it was changed");
  });
});
