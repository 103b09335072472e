import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { appliedChange } from "../../../functions/core/facts/applied-change.ts";
import { keylessApplied } from "../../../functions/core/facts/applier.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aForest, anIdleTransaction, aRunning, waiters } from "../../support/forest-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const channel = {
  channel: null,
  source: "10.0.0.1:3306",
  receiver: "running",
  applier: "running",
  receiverState: null,
  applierState: null,
  lagSeconds: 600,
  lagUnknownBecause: null,
  intendedDelaySeconds: 0,
  lagBeyondDelaySeconds: 600,
  errors: [],
  unappliedTransactions: 4,
  gtidFetched: null,
  gtidApplied: null,
  relayLogBytes: null,
  fetchedTo: null,
  appliedTo: null,
};

function table(name: string, read: number | null, written: number | null, hasPrimaryKey = false) {
  return {
    schema: "app",
    table: name,
    rankedBy: ["no-primary-key"],
    engine: "InnoDB",
    fileBytes: null,
    estimatedRows: 40_000,
    dataBytes: null,
    indexBytes: null,
    freeBytes: null,
    freePercent: null,
    hasPrimaryKey,
    sinceStart: {
      uptimeSeconds: 900,
      rowsReadWithoutIndex: read,
      withoutIndexPercent: null,
      rowsRead: read,
      rowsWritten: written,
    },
  };
}

const applier = (overrides: Partial<Session>): Session =>
  aRunning(7, 300, { kind: "replication", client: null, user: "system user", query: null, ...overrides });
const searching = "Applying batch of row changes (delete)";

function replica(session: Session, tables: readonly ReturnType<typeof table>[], channels = [channel]) {
  return metricView({
    engine: "mysql",
    sessions: [session],
    probes: { "mysql-replication": channels, "mysql-tables": [...tables] },
  });
}

describe("what the applier is held up by", () => {
  it("D3 is the table without a key that it reads whole, by how much it reads for what it writes", () => {
    const at = (state: string, tables: readonly ReturnType<typeof table>[], channels = [channel]) =>
      keylessApplied(replica(applier({ waitEvent: state }), tables, channels))?.table.table;
    expect(at(searching, [table("audit", 90_000, 50_000), table("events", 500_000, 50_000)])).toBe("events");
    expect(at("Update_rows_log_event::find_row()", [table("events", 500_000, 50_000)])).toBe("events");
    expect(at(searching, [table("events", 499_999, 50_000)])).toBeUndefined();
    expect(at("Waiting for an event from Coordinator", [table("events", 5_000_000, 50_000)])).toBeUndefined();
    expect(at("Applying batch of row changes (write)", [table("events", 5_000_000, 50_000)])).toBeUndefined();
    expect(at(searching, [table("events", 5_000_000, 50_000)], [])).toBeUndefined();
  });

  it("D3 is the one that a worker has opened, where MySQL tells", () => {
    const open = { ...channel, applyingTables: ["app.orders", "app.audit"] };
    const tables = [table("audit", 0, 60_000), table("events", 5_000_000, 50_000)];
    const view = replica(applier({ waitEvent: searching }), tables, [open]);
    expect(keylessApplied(view)?.says).toBe(
      "this replica looks for the rows to change in app.audit by reading it whole",
    );
  });

  it("D3 is the one that its statement names where rows are not counted", () => {
    const at = (query: string) =>
      keylessApplied(replica(applier({ query }), [table("audit", null, null), table("events", null, null)]))
        ?.table.table;
    expect(at("UPDATE `events` SET n = n + ?")).toBe("events");
    expect(at("UPDATE events_old SET n = n + ?")).toBeUndefined();
    expect(at("INSERT INTO events VALUES (...)")).toBeUndefined();
  });

  it("D3 makes the replica late: that is the cause, to be mended on the source", () => {
    const { evidence } = replica(applier({ waitEvent: searching }), [table("events", 5_000_000, 50_000)]);
    const { rootCauses, findings, headline } = diagnose(evidence, defaultSettings);
    expect(rootCauses).toEqual(["no-primary-key"]);
    expect(findings[0]).toMatchObject({
      severity: "P2",
      nature: "acute",
      explains: ["replication-lag"],
      actions: [],
    });
    expect(headline).toContain("give it a key on the source");
  });

  it("D3 is whoever keeps it waiting for a lock, and the lag says what it is at", () => {
    const session = applier({
      query: "ALTER TABLE orders ADD COLUMN note text",
      waitEvent: "Waiting for table metadata lock",
    });
    const view = metricView({
      engine: "mysql",
      sessions: [session],
      forests: [aForest([{ who: anIdleTransaction(1, 900) }, { who: session, behind: "session:1" }])],
      probes: { "mysql-replication": [channel] },
    });
    const { rootCauses, findings } = diagnose(view.evidence, defaultSettings);
    expect(rootCauses).toEqual(["blocked-by-idle-transaction:session:1"]);
    const lag = findings.find(({ id }) => id === "replication-lag");
    expect(lag?.evidence.map(({ says }) => says)).toContain(
      "has been at it for 5 min (Waiting for table metadata lock): ALTER TABLE orders ADD COLUMN note text",
    );
  });

  it("D3 is nobody who keeps only clients waiting", () => {
    const view = metricView({
      engine: "mysql",
      forests: [aForest([{ who: anIdleTransaction(1, 900) }, ...waiters(3, "session:1", { seconds: 60 })])],
      probes: { "mysql-replication": [channel] },
    });
    expect(diagnose(view.evidence, defaultSettings).rootCauses).toContain("replication-lag");
  });

  it("D4 tells what is applied by the state of its thread and the table it has opened, or by who writes on a replica", () => {
    const rows = (waitEvent: string, applyingTables: string[] = []) =>
      appliedChange(
        metricView({
          engine: "mysql",
          sessions: [applier({ query: null, waitEvent })],
          probes: { "mysql-replication": [{ ...channel, applyingTables }] },
        }),
        300,
      )?.what;
    expect(rows("Applying batch of row changes (delete)", ["app.orders"])).toBe("DELETE on app.orders");
    expect(rows("Update_rows_log_event::find_row(-1) on table `events`")).toBe("UPDATE on events");
    expect(rows("Applying batch of row changes (write)")).toBe("INSERT of rows");
    expect(rows("Reading event from the relay log", ["app.orders"])).toBeUndefined();

    const outside = (user: string, engine: "mariadb" | "postgres" = "mariadb") => {
      const { evidence, ...view } = metricView({ engine, values: {} });
      const { context } = evidence;
      if (!context) throw new Error("the scene has no context");
      const item = (name: string) => ({ name, id: null, load: 1, waits: [] });
      const load = [
        { by: "statement" as const, items: [item("ALTER TABLE orders ADD COLUMN note text")] },
        { by: "user" as const, items: [item(user)] },
      ];
      return appliedChange({ ...view, evidence: { ...evidence, context: { ...context, load } } }, 300);
    };
    expect(outside("system user")).toMatchObject({ isDdl: true, source: "Performance Insights" });
    expect(outside("shop")).toBeNull();
    expect(outside("system user", "postgres")).toBeNull();
  });

  it("D4 tells a change of a table that had only just begun, where the later list of transactions shows it still", () => {
    const query = "ALTER TABLE orders CONVERT TO CHARACTER SET utf8mb4";
    const later = (overrides: object) => ({
      transactionId: "2570",
      sessionId: 7,
      user: "system user",
      client: null,
      database: "app",
      state: "active",
      ageSeconds: 2,
      idleSeconds: null,
      isolationLevel: "REPEATABLE READ",
      keepsView: true,
      rowsModified: 7,
      rowsLocked: 47_205,
      query,
      ...overrides,
    });
    const told = (sent: string, overrides: object) =>
      appliedChange(
        metricView({
          engine: "mysql",
          sessions: [applier({ query: sent, statementSeconds: 0.25 })],
          probes: { "mysql-replication": [channel], "mysql-oldest-transaction": [later(overrides)] },
        }),
        300,
      )?.says;
    expect(told(query, {})).toBe(`has been at it for 2 s: ${query}`);
    expect(told(query, { ageSeconds: 0 })).toBeUndefined();
    expect(told(query, { sessionId: 8 })).toBeUndefined();
    expect(told(query, { query: null })).toBeUndefined();
    const small = "UPDATE orders SET a = ?";
    expect(told(small, { query: small })).toBeUndefined();
  });
});
