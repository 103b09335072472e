import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { postgresOwnLimitsRows } from "../../../../functions/core/probes/postgres/own-limits-rows.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { tooManyConnections } from "../../../../functions/core/rules/connections/too-many-connections.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aGroup } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const reserved =
  '2026-11-21 09:59:01 UTC:10.0.0.7(54):api@app:[7]:FATAL: remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role';
const ofRole =
  '2026-11-21 09:59:01 UTC:10.0.0.7(54):api@app:[7]:FATAL: too many connections for role "reports"';

function scene(line: string, count: number, more: MetricScene = {}) {
  const lines = Array.from({ length: count }, () => line.split("\n")).flat();
  const logs = [{ file: "error.log", kind: "error" as const, lastWrittenAt: null, lines, truncated: false }];
  return metricView({
    values: { DatabaseConnections: held(780) },
    ...(line.includes("UTC:") ? {} : { engine: "mysql" as const }),
    ...more,
    context: { logs, ...more.context },
  });
}

/** Nobody got in, and the responder itself was not refused for want of a slot. */
const outside = (line: string, count: number, context: MetricScene["context"] = {}) =>
  scene(line, count, {
    context,
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });

describe("refusals for want of a slot in the log", () => {
  it.each([
    reserved,
    "2026-11-21 09:59:01 UTC:10.0.0.7(54):api@app:[7]:FATAL:  sorry, too many clients already",
    "2026-11-21T09:59:01.123456Z 0 [Warning] [MY-000000] [Server] Too many connections",
  ])("D4 are clients that were turned away, whoever else got in: %s", (line) => {
    const view = outside(line, 12);
    expect(tooManyConnections.evaluate(view)[0]).toMatchObject({
      severity: "P1",
      summary: expect.stringMatching(
        /^New clients are refused, no slot is left: 12 refusals in the log within 1 min(?: \(api 12\))?, the last .* ago; CloudWatch counts 780 connections, (?:96 % of some 811|above some 614)/,
      ),
    });
    expect(connectionsNearLimit.evaluate(view)).toEqual([]);
  });

  it("D2 name those who are refused, most first, also where the responder is one of them", () => {
    const jobs = reserved.replace("api@app", "jobs@app");
    const unknown = reserved.replace("api@app", "[unknown]@[unknown]");
    const refused = aConnection({ status: "not-connected", failedStep: "no-free-slot", detail: "no slot" });
    const told = (line: string, count: number) =>
      tooManyConnections.evaluate(
        scene([line, jobs, unknown].join("\n"), count, { overrides: { connection: refused, probes: [] } }),
      )[0]?.summary;
    expect(told(reserved, 2)).toContain("within 1 min (api 2 and jobs 2), the last");
    expect(told(unknown, 3)).toContain(
      "others are refused, too: 9 refusals in the log within 1 min (jobs 3),",
    );
    expect(told("x", 0)).toBe(
      "Every connection slot is taken: the responder itself was refused; CloudWatch counts 780, and who holds the connections could not be seen from inside",
    );
  });

  it("D6 are told as over where the last came minutes ago and there is room by CloudWatch's count", () => {
    const late = reserved.replace("09:59:01", "09:57:30");
    const at = (connections: number) =>
      tooManyConnections.evaluate(
        scene(late, 12, {
          values: { DatabaseConnections: held(connections) },
          overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
        }),
      )[0];
    expect(at(500)).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("were refused for want of a slot"),
    });
    expect(at(805)).toMatchObject({ severity: "P1" });
  });

  it("D4 are no news once they are over, nor nor when they are two", () => {
    expect(tooManyConnections.evaluate(outside(reserved.replace("09:59", "09:50"), 12))).toEqual([]);
    expect(tooManyConnections.evaluate(outside(reserved, 2))).toEqual([]);
  });

  it("D4 of one role or database are its own limit's, whatever room the server has; inside tells better", () => {
    const [own, ...others] = tooManyConnections.evaluate(outside(ofRole, 12));
    expect(others).toEqual([]);
    expect(own).toMatchObject({
      ...{ subject: "role:reports", severity: "P2", actions: [] },
      summary: expect.stringContaining("Role reports has all the connections that it may have"),
    });
    // At 780 of some 811 connections it is one of many; at 300 it is what is near its limit.
    expect(own?.explains).toEqual([]);
    expect(own?.summary).not.toContain("may have room");
    const [few] = tooManyConnections.evaluate(
      scene(ofRole, 12, {
        values: { DatabaseConnections: held(300) },
        overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
      }),
    );
    expect(few?.explains.map(({ cause }) => cause)).toEqual(["connections-near-limit"]);
    expect(few?.summary).toContain("the server itself may have room");
    // Who is full is not what climbs.
    const [climbing] = tooManyConnections.evaluate(
      scene(ofRole, 12, {
        values: { DatabaseConnections: held(300) },
        readings: { DatabaseConnections: { baselineDay: 90, baselineWeek: 91 } },
        overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
      }),
    );
    expect(climbing?.explains).toEqual([]);
    expect(climbing?.summary).not.toContain("may have room");
    const ofDatabase = ofRole.replace("role", "database");
    expect(tooManyConnections.evaluate(outside(ofDatabase, 12))[0]?.subject).toBe("database:reports");
    expect(tooManyConnections.evaluate(outside(ofRole, 2))).toEqual([]);
    expect(tooManyConnections.evaluate(outside(ofRole.replace("09:59", "09:52"), 12))).toEqual([]);
    const looked = (used: number | null) => {
      const rows = used === null ? [] : [{ of: "role", name: "reports", used, limit: 30 }];
      const probes = { [postgresOwnLimitsRows.id]: rows };
      return tooManyConnections.evaluate(scene(ofRole, 12, { groups: [aGroup(30)], probes }));
    };
    // Who is not among those that have a limit has none any more.
    for (const used of [null, 3]) expect(looked(used)).toEqual([]);
    expect(looked(29)).toHaveLength(1);
  });

  it("D7 count for less than a look inside that finds room", () => {
    const roomy = scene(reserved, 12, {
      groups: [aGroup(30)],
      server: { maxConnections: 500, reservedConnections: 3 },
    });
    expect(tooManyConnections.evaluate(roomy)).toEqual([]);
  });

  it("D3 come from whatever brings the slots to their limit", () => {
    const load = [
      { by: "wait-event" as const, items: [{ name: "Lock:transactionid", id: null, load: 90, waits: [] }] },
      {
        by: "statement" as const,
        items: [
          {
            name: "UPDATE seats SET held = $1",
            id: null,
            load: 90,
            waits: [{ name: "Lock:transactionid", load: 90 }],
          },
        ],
      },
    ];
    const { evidence } = outside(reserved, 12, { load });
    const { findings, rootCauses } = diagnose(evidence, defaultSettings);
    expect(rootCauses[0]).toBe("hot-row-contention:insights");
    expect(findings.find(({ id }) => id === "too-many-connections")?.explainedBy).toEqual([
      "hot-row-contention:insights",
    ]);
  });
});
