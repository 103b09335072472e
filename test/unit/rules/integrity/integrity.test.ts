import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../../functions/core/contract/evidence.ts";
import type { DatabaseRatesRow } from "../../../../functions/core/probes/postgres/database-rates-rows.ts";
import type { PostgresOrphansRow } from "../../../../functions/core/probes/postgres/orphans-rows.ts";
import { dataCorruptionSuspected } from "../../../../functions/core/rules/integrity/data-corruption-suspected.ts";
import { orphanedRows } from "../../../../functions/core/rules/integrity/orphaned-rows.ts";
import { unvalidatedConstraint } from "../../../../functions/core/rules/integrity/unvalidated-constraint.ts";
import { aProbe, aServer, aTarget, aView } from "../../../support/evidence-builder.ts";

function rates(failures: number | null, grown = 0, lastSeconds: number | null = 60): DatabaseRatesRow {
  return {
    database: "shop",
    connections: 4,
    intervalSeconds: 1,
    commitsPerSecond: 10,
    rollbacksPerSecond: 0,
    blocksHit: 1,
    blocksRead: 0,
    cacheHitPercent: 100,
    tempFilesPerSecond: 0,
    tempBytesPerSecond: 0,
    rowsReturnedPerSecond: 0,
    rowsFetchedPerSecond: 0,
    rowsChangedPerSecond: 0,
    deadlocks: 0,
    conflicts: 0,
    checksumFailures: failures === null ? null : grown,
    sinceReset: {
      statsSeconds: 1e6,
      cacheHitPercent: 100,
      tempFiles: 0,
      tempBytes: 0,
      deadlocks: 0,
      conflicts: 0,
      checksumFailures: failures,
      lastChecksumFailureSeconds: lastSeconds,
    },
  };
}

const noContext = {
  schema: "database-context.v1",
  readAt: "2026-11-21T10:00:00.000Z",
  topology: null,
  readings: [],
  events: null,
  logs: null,
  load: null,
  backups: null,
  changes: null,
} as const;

function corruption(overrides: Partial<Evidence>) {
  return dataCorruptionSuspected.evaluate(aView({ overrides }));
}

function withLog(lines: readonly string[], engine: "postgres" | "mysql" = "postgres") {
  const log = {
    file: "error/postgresql.log",
    kind: "error" as const,
    lastWrittenAt: null,
    lines: [...lines],
    truncated: false,
  };
  return corruption({
    probes: [],
    target: aTarget({ engine }),
    context: { ...noContext, readings: [], logs: [log] },
  });
}

describe("data-corruption-suspected", () => {
  it("D4 takes a checksum failure for suspected corruption, worse while it grows", () => {
    const [old] = corruption({ probes: [aProbe("postgres-database-rates", [rates(3)])] });
    expect(old).toMatchObject({ severity: "P1", confidence: 0.9 });
    expect(old?.summary).toContain("3 checksum failures in shop, the last 1 min ago");
    const [now] = corruption({ probes: [aProbe("postgres-database-rates", [rates(3, 1)])] });
    expect(now?.severity).toBe("P0");
    const [long] = corruption({ probes: [aProbe("postgres-database-rates", [rates(3, 0, 30 * 86_400)])] });
    expect(long).toMatchObject({ severity: "P1", confidence: 0.6 });
  });

  it("D4 finds nothing where there is none, or where checksums are off", () => {
    expect(corruption({ probes: [aProbe("postgres-database-rates", [rates(0), rates(null)])] })).toEqual([]);
  });

  it("V4 never proposes anything automatic, and begins with keeping what is there", () => {
    const [finding] = corruption({ probes: [aProbe("postgres-database-rates", [rates(1)])] });
    expect(finding?.actions.map(({ id, automatic }) => ({ id, automatic }))).toEqual([
      { id: "snapshot-now", automatic: false },
      { id: "check-for-corruption", automatic: false },
      { id: "check-indexes-for-corruption", automatic: false },
      { id: "restore-point-in-time", automatic: false },
    ]);
  });

  it("P19 checks indexes against their tables, and tables only where the server can", () => {
    const ids = (version: string) => {
      const server = aProbe("postgres-server", [aServer({ version })]);
      const [finding] = corruption({ probes: [server, aProbe("postgres-database-rates", [rates(1)])] });
      return (
        finding?.actions.filter(({ id }) => id.includes("corruption")).map(({ preview }) => preview) ?? []
      );
    };
    expect(ids("17.4").map((sql) => /verify_heapam|bt_index_check\(c.oid, true\)/.exec(sql)?.[0])).toEqual([
      "verify_heapam",
      "bt_index_check(c.oid, true)",
    ]);
    expect(ids("13.22")).toHaveLength(1);
    expect(ids("13.22")[0]).not.toContain("verify_heapam");
  });

  it.each([
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  invalid page in block 3 of relation base/5/16400",
    "2026-11-21 09:58:01 UTC::@:[1]:WARNING:  page verification failed, calculated checksum 1 but expected 2",
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  XX001: something",
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:LOG:  page verification failed, calculated checksum 1 but expected 2",
    '2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  index "orders_pkey" contains unexpected zero page at block 7',
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  missing chunk number 0 for toast value 17 in pg_toast_2619",
  ])("M3 reads the log of PostgreSQL: %s", (line) => {
    expect(withLog([line])[0]?.evidence[0]?.says).toBe(line);
  });

  it.each([
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:LOG:  statement: SELECT 'ERROR:  invalid page in block 3'",
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:STATEMENT:  insert into notes values ('page verification failed')",
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:DETAIL:  page verification failed, says a trigger",
    '2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  duplicate key value violates unique constraint "orders_pkey"',
    "2026-11-21 09:58:01 UTC:10.0.0.1(1):a@b:[1]:ERROR:  could not resize shared memory segment: No space left on device",
  ])("D4 is not taken in by %s", (line) => {
    expect(withLog([line])).toEqual([]);
  });

  it("P34 takes a crashed table for suspected corruption, and a view that is only invalid for none", () => {
    const object = {
      schema: "shop",
      name: "notes",
      kind: "table",
      problem: "crashed-table",
      detail: "marked as crashed",
      fix: null,
    };
    const [finding] = corruption({
      probes: [aProbe("mysql-objects", [object])],
      target: aTarget({ engine: "mysql" }),
    });
    expect(finding).toMatchObject({ severity: "P1" });
    expect(finding?.summary).toContain("1 crashed table (shop.notes)");
    expect(finding?.actions.every(({ automatic }) => !automatic)).toBe(true);
    const invalid = { ...object, kind: "view", problem: "invalid-view" };
    expect(corruption({ probes: [aProbe("mysql-objects", [invalid])] })).toEqual([]);
  });

  it("M3 reads the log of MySQL, where a full temporary directory is no corruption", () => {
    const crashed =
      "2026-11-21T09:58:01Z 8 [ERROR] [MY-000145] [Server] Table './app/notes' is marked as crashed";
    const page =
      "2026-11-21T09:58:01Z 0 [ERROR] [MY-011906] [InnoDB] InnoDB: Database page corruption on disk";
    const full =
      "2026-11-21T09:58:01Z 8 [ERROR] [MY-000126] [Server] Incorrect key file for table '/tmp/#sql_1.MYI'";
    expect(withLog([crashed], "mysql")).toHaveLength(1);
    expect(withLog([page], "mysql")).toHaveLength(1);
    expect(withLog([full], "mysql")).toEqual([]);
  });
});

describe("orphaned-rows and unvalidated-constraint", () => {
  const orphan: PostgresOrphansRow = {
    schema: "public",
    table: "items",
    constraint: "items_order",
    referencedTable: "public.orders",
    because: "not-validated",
    orphanedRows: 12,
    checkedRows: 3000,
    partial: false,
    select: "SELECT 1",
    reason: null,
    owner: "shop",
    definition: "FOREIGN KEY (order_id) REFERENCES orders(id)",
  };
  const constraint = {
    schema: "public",
    table: "items",
    constraint: "items_order",
    kind: "foreign-key",
    definition: null,
    tableRows: 3000,
    enforced: true,
    validate: "ALTER TABLE public.items VALIDATE CONSTRAINT items_order",
    owner: "shop",
  };
  const viewOf = (orphans: readonly PostgresOrphansRow[], constraints: readonly (typeof constraint)[] = []) =>
    aView({
      overrides: {
        probes: [
          aProbe("postgres-orphaned-rows", [...orphans]),
          aProbe("postgres-constraints", [...constraints]),
        ],
      },
    });

  it("D4 counts them and shows how to see some", () => {
    const [finding] = orphanedRows.evaluate(viewOf([orphan]));
    expect(finding?.summary).toBe(
      "12 rows of items refer to a row of public.orders that does not exist, because items_order was added NOT VALID and never validated",
    );
    expect(finding?.severity).toBe("P3");
  });

  it("D6 is moderate where nothing keeps the next orphan out", () => {
    const [finding] = orphanedRows.evaluate(viewOf([{ ...orphan, because: "triggers-disabled" }]));
    expect(finding?.severity).toBe("P2");
    expect(finding?.actions[0]?.preview).toBe(
      "SET lock_timeout = '5s';\nALTER TABLE public.items DROP CONSTRAINT items_order, ADD CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES orders(id) NOT VALID",
    );
    expect(finding?.actions[0]?.describes).toContain("run it as shop, the table's owner");
  });

  it("D4 has nothing to say where there are none or none could be counted", () => {
    expect(
      orphanedRows.evaluate(
        viewOf([
          { ...orphan, orphanedRows: 0 },
          { ...orphan, orphanedRows: null },
        ]),
      ),
    ).toEqual([]);
  });

  it("P34 says of MySQL what let them in", () => {
    const { because: _, ...row } = orphan;
    const view = aView({
      overrides: { probes: [aProbe("mysql-orphaned-rows", [{ ...row, orphanedRows: 1 }])] },
    });
    expect(orphanedRows.evaluate(view)[0]?.summary).toContain("1 row of items refers to a row");
    expect(orphanedRows.evaluate(view)[0]?.summary).toContain("foreign_key_checks was off");
  });

  it("D4 says that validating fails while orphans are there", () => {
    const consequence = (orphans: readonly PostgresOrphansRow[]) =>
      unvalidatedConstraint.evaluate(viewOf(orphans, [constraint]))[0]?.actions[0]?.consequence ?? "";
    expect(consequence([orphan])).toContain("will fail");
    expect(consequence([])).not.toContain("will fail");
  });

  it("D4 proposes no VALIDATE for a constraint that is not enforced at all", () => {
    const [finding] = unvalidatedConstraint.evaluate(viewOf([], [{ ...constraint, enforced: false }]));
    expect(finding?.actions).toEqual([]);
    expect(unvalidatedConstraint.evaluate(viewOf([]))).toEqual([]);
  });
});
