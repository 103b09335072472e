import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { ownLimits } from "../../../functions/core/facts/own-limits.ts";
import {
  type OwnLimitRow,
  postgresOwnLimitsRows,
} from "../../../functions/core/probes/postgres/own-limits-rows.ts";
import { tooManyConnections } from "../../../functions/core/rules/connections/too-many-connections.ts";
import { aGroup } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";

/** A role whose clients were refused all the last minute, by the log as it is kept. */
function seen(refused: string, roles: readonly Omit<OwnLimitRow, "of">[]) {
  const text = Array.from(
    { length: 12 },
    (_, nth) =>
      `2026-11-21 09:59:${String(nth).padStart(2, "0")} UTC:10.0.0.7(54):${refused}@app:[${70 + nth}]:FATAL:  too many connections for role "${refused}"`,
  ).join("\n");
  const portion = {
    file: "error/postgresql.log",
    kind: "error",
    lastWrittenAt: null,
    truncated: false,
  } as const;
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return metricView({
    values: { DatabaseConnections: held(30) },
    context: { logs: [cleanLog({ ...portion, text }, options)] },
    groups: [aGroup(30)],
    probes: { [postgresOwnLimitsRows.id]: roles.map((role) => ({ of: "role", ...role })) },
  });
}

/** Its digits may tell a person, so its name is hidden in a line: role "?". */
const hidden = "svc_12345678";
const loggedBeside = (...roles: readonly Omit<OwnLimitRow, "of">[]) =>
  ownLimits(seen(hidden, roles)).logged.map(({ whose }) => whose);
const told = (refused: string, used: number, limit: number) =>
  tooManyConnections.evaluate(seen(refused, [{ name: refused, used, limit }]));

describe("own limits beside what the log says of those who were refused", () => {
  it("D4 a hidden role is told beside one that is busy and not told", () => {
    expect(loggedBeside({ name: hidden, used: 29, limit: 30 })).toEqual(['role "?"']);
    expect(loggedBeside({ name: hidden, used: 29, limit: 30 }, { name: "api", used: 40, limit: 40 })).toEqual(
      ['role "?"'],
    );
  });

  it("D4 a hidden role is not told where none is busy, or the busy one is told itself", () => {
    expect(loggedBeside({ name: hidden, used: 3, limit: 30 })).toEqual([]);
    expect(loggedBeside()).toEqual([]);
    expect(loggedBeside({ name: hidden, used: 30, limit: 30 })).toEqual([]);
  });

  it("D4 a hidden role that is refused is the one that has all it may have, and nobody knows which of two", () => {
    const full = (name: string) => ({ name, used: 30, limit: 30 });
    const of = (...roles: readonly Omit<OwnLimitRow, "of">[]) =>
      tooManyConnections.evaluate(seen(hidden, roles)).map((one) => [one.subject, one.severity]);
    expect(of(full(hidden), { name: "api", used: 3, limit: 40 })).toEqual([[`role:${hidden}`, "P1"]]);
    expect(of(full(hidden), full("api"))).toEqual([
      [`role:${hidden}`, "P2"],
      ["role:api", "P2"],
      ["role:?", "P2"],
    ]);
  });

  it("D4 a role that may have none is P2 where somebody still comes", () => {
    expect(told("old_app", 0, 0)).toMatchObject([
      {
        subject: "role:old_app",
        severity: "P2",
        summary:
          "Role old_app may have no connection (CONNECTION LIMIT 0), and somebody still comes; the server itself has room",
      },
    ]);
    expect(tooManyConnections.evaluate(seen("api", [{ name: "old_app", used: 0, limit: 0 }]))).toEqual([]);
  });

  it("D4 a role that is full is P1 where it is refused more, and P2 else", () => {
    expect(told("reports", 30, 30)).toMatchObject([
      { subject: "role:reports", severity: "P1", summary: expect.stringContaining(", and is refused more") },
    ]);
    expect(
      tooManyConnections.evaluate(seen("api", [{ name: "reports", used: 30, limit: 30 }])),
    ).toMatchObject([{ severity: "P2", summary: expect.stringContaining("whoever comes then is refused") }]);
  });
});
