import { describe, expect, it } from "vitest";
import type { RdsEvent } from "../../../functions/core/contract/context.ts";
import { blamedChange } from "../../../functions/core/facts/blamed-change.ts";
import { adviceOn } from "../../../functions/core/facts/change-direction.ts";
import { changeTable } from "../../../functions/core/facts/change-table.ts";
import type { Happened } from "../../../functions/core/facts/what-changed.ts";
import { anEvent, held, metricView } from "../../support/metric-scene.ts";

const set = (minutesAgo: number, name: string, to: string): RdsEvent => ({
  ...anEvent(
    minutesAgo,
    "configuration change",
    `Updated parameter ${name} to ${to} with apply method immediate`,
  ),
  subject: "orders-17",
  source: "parameter-group",
});

function blamed(...events: readonly RdsEvent[]): string | null {
  const scene = {
    values: { CPUUtilization: [...held(20, 8), ...held(97, 6)] },
    readings: { CPUUtilization: { baselineDay: 20, baselineWeek: 22 } },
    events: [...events],
  };
  return blamedChange(metricView(scene), ["cpu"])?.says ?? null;
}

describe("in which direction a change goes", () => {
  it.each([
    ["log_min_duration_statement", "0", "5000"],
    ["log_statement", "all", "none"],
    ["general_log", "1", "0"],
  ])("M7 %s is blamed where it is set to %s, and not where to %s", (name, more, less) => {
    expect(blamed(set(10, name, more))).toContain(`the change of ${name} to ${more}`);
    expect(blamed(set(10, name, less))).toBeNull();
  });

  it("M7 a major upgrade is asked for alone where it matters, whatever was set after it", () => {
    const scene = {
      values: { CPUUtilization: [...held(20, 8), ...held(97, 6)] },
      readings: { CPUUtilization: { baselineDay: 20, baselineWeek: 22 } },
      events: [set(7, "log_statement", "all"), anEvent(10, "maintenance", "Major version upgrade finished")],
    };
    const only = ({ kind }: Happened) => kind !== "parameter";
    expect(blamedChange(metricView(scene), ["cpu"])?.change.kind).toBe("parameter");
    expect(blamedChange(metricView(scene), ["cpu"], "", only)?.change.kind).not.toBe("parameter");
  });

  const row = changeTable.find(({ kind, advice }) => kind === "parameter" && advice.includes("set it back"));
  const advised = (name: string, to: string): string => {
    if (row === undefined) throw new Error("no row says to set it back");
    const change: Happened = { kind: "parameter", at: "", source: "", name, from: null, to, says: "" };
    return adviceOn(change, row);
  };

  it.each([
    ["rds.force_ssl", "1"],
    ["innodb_flush_log_at_trx_commit", "1"],
    ["sync_binlog", "1"],
    ["cACertificateIdentifier", "rds-ca-rsa2048-g1"],
    ["autovacuum", "1"],
    ["pgaudit.log", "all"],
  ])("A40 what protects is not set back: %s = %s", (name, to) => {
    expect(advised(name, to)).toMatch(/do not set it back/);
  });

  it.each([
    ["autovacuum", "0"],
    ["work_mem", "4096"],
  ])("M7 what takes protection away, or protects nothing, is: %s = %s", (name, to) => {
    expect(advised(name, to)).not.toMatch(/do not set it back/);
  });
});
