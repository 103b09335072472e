import { describe, expect, it } from "vitest";
import { actsOn } from "../../../../functions/core/actions/action-key.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import { spillingQuery as rule } from "../../../../functions/core/rules/queries/spilling-query.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const mib = 1024 ** 2;
const gib = 1024 * mib;

function found(bytes: number, bytesPerSecond: number | null, free?: number) {
  const session = { pid: 77, user: "shop", application: "report", database: "shop", query: "SELECT 1" };
  const row = { ...session, statementSeconds: 40, files: 3, bytes, bytesPerSecond };
  const values = free === undefined ? {} : { FreeStorageSpace: held(free) };
  return rule.evaluate(metricView({ values, probes: { "postgres-temp-files": [row] } }))[0];
}

describe("spilling-query, of statements that run", () => {
  it("P7 tells whose temporary files they are, and leaves small ones alone", () => {
    expect(found(63 * mib, null)).toBeUndefined();
    expect(found(64 * mib, null)).toMatchObject({ severity: "P3", subject: "session:77", actions: [] });
    expect(found(64 * mib, 2 * mib)?.summary).toContain(
      "2 MiB more each second (app report, user shop, pid 77",
    );
  });

  it("P7 wakes somebody when storage is full within the hour, or a quarter of what is free is taken", () => {
    expect(found(64 * mib, mib, 3601 * mib)).toMatchObject({ severity: "P3" });
    expect(found(64 * mib, mib, 3600 * mib)).toMatchObject({ severity: "P2" });
    expect(found(4 * gib, 0, 17 * gib)).toMatchObject({ severity: "P3" });
    expect(found(4 * gib, 0, 16 * gib)?.explains.map(({ cause }) => cause)).toContain("storage-low");
  });

  it("A24 proposes a limit for the next one, and no end of a session by its number alone", () => {
    const actions = found(6 * gib, 0, 8 * gib)?.actions ?? [];
    expect(actions).toMatchObject([{ id: "change-parameter" }]);
    expect(actions.map((action) => [actsOn(action.id), unsureRefusal(action)?.guard])).toEqual([
      ["aws", "never-alone"],
    ]);
    expect(actions[0]?.describes).toContain("temp_file_limit to 3145728");
  });
});
