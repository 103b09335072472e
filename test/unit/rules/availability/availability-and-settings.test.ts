import { describe, expect, it } from "vitest";
import type { TopologyKind } from "../../../../functions/core/contract/topology.ts";
import { backupStale } from "../../../../functions/core/rules/availability/backup-stale.ts";
import { failoverHappened } from "../../../../functions/core/rules/availability/failover-happened.ts";
import { maintenanceRunning } from "../../../../functions/core/rules/availability/maintenance-running.ts";
import { parameterPendingReboot } from "../../../../functions/core/rules/configuration/parameter-pending-reboot.ts";
import { slowLogDisabled } from "../../../../functions/core/rules/configuration/slow-log-disabled.ts";
import { timeoutsUnset } from "../../../../functions/core/rules/configuration/timeouts-unset.ts";
import { tlsNotEnforced } from "../../../../functions/core/rules/configuration/tls-not-enforced.ts";
import { walRetainedBySlot } from "../../../../functions/core/rules/resources/wal-retained-by-slot.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { type KindScene, kindView } from "../../../support/kind-scene.ts";
import { anEvent, metricView } from "../../../support/metric-scene.ts";

function setting(
  name: string,
  value: string,
  overrides: readonly string[] = [],
  more: { seconds?: number } = {},
) {
  const plain = { unit: null, bytes: null, source: "default", context: null, bootValue: null };
  const seconds = more.seconds ?? (value === "0" ? 0 : null);
  return { name, value, ...plain, seconds, pendingRestart: false, overrides: [...overrides] };
}
const withSettings = (...rows: ReturnType<typeof setting>[]) =>
  metricView({ probes: { "postgres-settings": rows } });

describe("failover-happened", () => {
  const at = (minutes: number, message: string) =>
    failoverHappened.evaluate(metricView({ events: [anEvent(minutes, "failover", message)] }))[0];

  it("D4 tells ended, under way and not done apart, and forgets after half an hour", () => {
    expect(at(5, "Multi-AZ instance failover completed")?.severity).toBe("P2");
    expect(at(3, "Multi-AZ instance failover started.")?.severity).toBe("P1");
    expect(at(3, "Abandoning user requested failover")?.severity).toBe("P1");
    expect(at(31, "Multi-AZ instance failover completed")?.severity).toBe("P3");
    expect(at(60 * 25, "Multi-AZ instance failover completed")).toBeUndefined();
  });

  it("D2 says what RDS did just then, as it had announced, and nothing of what it did hours before or of a recovery", () => {
    const beside = (minutes: number, category: string, message: string) => {
      const done = anEvent(40, "failover", "Multi-AZ instance failover completed");
      const events = [done, anEvent(minutes, category, message)];
      return failoverHappened.evaluate(metricView({ events }))[0]?.summary;
    };
    const patches = "Applying off-line patches to DB instance";
    expect(beside(48, "maintenance", patches)).toMatch(
      /failover completed; what RDS did just then: maintenance$/,
    );
    expect(beside(300, "maintenance", patches)).toMatch(/failover completed$/);
    expect(beside(41, "recovery", "Recovery of the DB instance has started.")).toMatch(/failover completed$/);
  });
});

describe("maintenance-running", () => {
  const down = { connection: aConnection({ status: "not-connected", failedStep: "tcp" }) };

  it("D3 explains an outage by what RDS is doing, and is quiet about what does not hurt", () => {
    const upgrading = metricView({ self: { status: "upgrading" } });
    expect(maintenanceRunning.evaluate(upgrading)[0]?.severity).toBe("P2");
    const outage = { ...upgrading, evidence: { ...upgrading.evidence, ...down } };
    expect(maintenanceRunning.evaluate(outage)[0]?.severity).toBe("P0");
    for (const status of ["available", "backing-up", "storage-optimization", "stopped"]) {
      expect(maintenanceRunning.evaluate(metricView({ self: { status } })), status).toEqual([]);
    }
  });
});

describe("maintenance-running, of a change", () => {
  it("D2 says to what it is changed, and of a secret only that it is", () => {
    const told = (pending: { name: string; value: string | null }[]) =>
      maintenanceRunning.evaluate(metricView({ self: { status: "modifying", pending } }))[0]?.summary;
    expect(told([{ name: "DBInstanceClass", value: "db.r6g.xlarge" }])).toContain(
      "being changed: DBInstanceClass to db.r6g.xlarge",
    );
    expect(told([{ name: "MasterUserPassword", value: null }])).toMatch(/being changed: MasterUserPassword$/);
  });
});

describe("hygiene", () => {
  it("M5 takes fresh backups for well and says what is old, as P3", () => {
    expect(backupStale.evaluate(metricView({}))).toEqual([]);
    const off = backupStale.evaluate(metricView({ self: { backupRetentionDays: 0 } }));
    expect(off[0]).toMatchObject({ severity: "P3", summary: expect.stringContaining("backups are off") });
  });

  it("P15 names what waits for a reboot", () => {
    expect(parameterPendingReboot.evaluate(metricView({}))).toEqual([]);
    const self = { parameterGroups: [{ name: "orders-17", status: "pending-reboot" }] };
    expect(parameterPendingReboot.evaluate(metricView({ self }))[0]?.summary).toContain("orders-17");
  });

  it("P15 never offers to reboot a database whose parameter group holds a value that RDS could not apply", () => {
    const group = (status: string) => ({ name: `orders-${status}`, status });
    const at = (...groups: ReturnType<typeof group>[]) =>
      parameterPendingReboot.evaluate(metricView({ self: { parameterGroups: groups } }));
    expect(at(group("failed-to-apply"))).toMatchObject([
      { subject: "orders-failed-to-apply", summary: expect.stringContaining("do not reboot"), actions: [] },
    ]);
    const both = at(group("failed-to-apply"), group("pending-reboot"));
    expect(both.map(({ actions }) => actions)).toEqual([[], []]);
    expect(at(group("pending-reboot"))[0]?.actions[0]?.preview).toContain("aws rds reboot-db-instance");
  });

  it("P15 takes any log of slow statements for one", () => {
    const off = setting("log_min_duration_statement", "-1");
    expect(slowLogDisabled.evaluate(withSettings(off))).toHaveLength(1);
    expect(
      slowLogDisabled.evaluate(withSettings(off, setting("auto_explain.log_min_duration", "500"))),
    ).toEqual([]);
    expect(slowLogDisabled.evaluate(metricView({}))).toEqual([]);
  });

  it("A25 turns on MySQL's slow log with a limit that finds something, in a file that can be downloaded", () => {
    const rest = { bytes: null, seconds: null, source: "default", state: "set" };
    const none = { path: null, changedAt: null, changedBy: null, goneSince: null, replacedBy: null };
    const row = (name: string, value: string) => ({ name, value, ...rest, ...none });
    const judge = (...rows: ReturnType<typeof row>[]) =>
      slowLogDisabled.evaluate(metricView({ engine: "mysql", probes: { "mysql-settings": rows } }))[0];
    const [action] = judge(row("slow_query_log", "OFF"))?.actions ?? [];
    expect(action?.preview).toContain(
      "ParameterName=slow_query_log,ParameterValue=1,ApplyMethod=immediate ParameterName=long_query_time,ParameterValue=1,ApplyMethod=immediate ParameterName=log_output,ParameterValue=FILE,ApplyMethod=immediate",
    );
    expect(judge(row("slow_query_log", "ON"), row("log_output", "NONE"))?.summary).toContain(
      "written nowhere",
    );
    expect(judge(row("slow_query_log", "ON"), row("log_output", "TABLE"))).toBeUndefined();
  });

  it("P15 accepts a limit that roles have", () => {
    const idle = setting("idle_in_transaction_session_timeout", "0");
    const roles = setting("statement_timeout", "0", ["shop@*=30s"]);
    expect(timeoutsUnset.evaluate(withSettings(idle, roles))[0]?.summary).toContain("for idle transactions");
    expect(timeoutsUnset.evaluate(withSettings(roles))).toEqual([]);
  });

  it("P19 takes a day for no limit, as RDS sets it, whoever set it", () => {
    const day = setting("idle_in_transaction_session_timeout", "86400000", [], { seconds: 86_400 });
    expect(timeoutsUnset.evaluate(withSettings(day))[0]?.summary).toContain("for idle transactions");
    const roles = setting("statement_timeout", "0", ["shop@*=1d"]);
    expect(timeoutsUnset.evaluate(withSettings(roles))).toHaveLength(1);
    const hour = setting("idle_in_transaction_session_timeout", "3600000", [], { seconds: 3600 });
    expect(timeoutsUnset.evaluate(withSettings(hour))).toEqual([]);
  });

  it("P19 names the role that a limit is for, and proposes none when it is not known", () => {
    const idle = setting("idle_in_transaction_session_timeout", "0");
    const [action] = timeoutsUnset.evaluate(withSettings(idle))[0]?.actions ?? [];
    expect(action?.preview).toBe(`ALTER ROLE "shop" SET idle_in_transaction_session_timeout = '60s'`);
    expect(action?.consequence).toContain(`ALTER ROLE "shop" RESET idle_in_transaction_session_timeout`);
  });

  it("A24 changes TLS where it is: in the cluster's group on Aurora, and never in a default one", () => {
    const off = { "postgres-settings": [setting("rds.force_ssl", "0")] };
    const preview = (kind: TopologyKind, scene: KindScene = {}) =>
      tlsNotEnforced.evaluate(kindView(kind, { probes: off, ...scene }))[0]?.actions[0];
    const set = "--parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate";
    expect(preview("aurora-provisioned")?.preview).toBe(
      `aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name shop-17 ${set} --region eu-west-1`,
    );
    expect(preview("rds-instance")?.preview).toContain("--db-parameter-group-name orders-17 ");
    const own = { self: { parameterGroups: [{ name: "default.postgres17", status: "in-sync" }] } };
    const replaced = preview("rds-instance", own);
    expect(replaced?.preview.split(" &&\n").map((line) => line.split(" ")[2])).toEqual([
      "create-db-parameter-group",
      "modify-db-parameter-group",
      "modify-db-instance",
    ]);
    expect(replaced?.preview).toContain("--db-parameter-group-name responder-orders-db-postgres17 ");
    expect(replaced?.consequence).toContain("Until a restart the new group counts for nothing");
    expect(replaced?.consequence).not.toContain("no restart");
  });

  it("P15 knows how each engine enforces TLS", () => {
    expect(tlsNotEnforced.evaluate(withSettings(setting("rds.force_ssl", "0")))).toHaveLength(1);
    expect(tlsNotEnforced.evaluate(withSettings(setting("rds.force_ssl", "1")))).toEqual([]);
  });
});

describe("wal-retained-by-slot", () => {
  const slot = (gibibytes: number, overrides = {}) => ({
    slot: "cdc",
    kind: "logical",
    plugin: "pgoutput",
    database: "shop",
    active: false,
    activePid: null,
    temporary: false,
    retainedBytes: gibibytes * 1024 ** 3,
    unconfirmedBytes: null,
    walStatus: "extended",
    safeWalBytes: null,
    keepLimitBytes: null,
    inactiveSeconds: 7200,
    invalidationReason: null,
    xminAge: null,
    catalogXminAge: null,
    ...overrides,
  });
  const at = (row: ReturnType<typeof slot>) =>
    walRetainedBySlot.evaluate(metricView({ probes: { "postgres-replication-slots": [row] } }))[0];

  it("D4 speaks at ten GiB and of a slot that is lost, and only offers to drop what nobody reads", () => {
    expect(at(slot(9.9, { walStatus: "reserved" }))).toBeUndefined();
    expect(at(slot(10))?.actions[0]?.preview).toBe("SELECT pg_drop_replication_slot('cdc')");
    expect(at(slot(12, { active: true, activePid: 9 }))?.actions).toEqual([]);
    expect(at(slot(0, { walStatus: "lost" }))?.summary).toContain("is lost");
  });
});
