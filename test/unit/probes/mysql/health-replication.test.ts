import { describe, expect, it } from "vitest";
import type { SqlRow } from "../../../../functions/core/ports.ts";
import { mysqlReplicationAurora } from "../../../../functions/core/probes/mysql/replication/aurora.ts";
import { withoutValues } from "../../../../functions/core/probes/mysql/replication/errors.ts";
import {
  countMissingGtids,
  countMissingMariadbGtids,
} from "../../../../functions/core/probes/mysql/replication/gtid.ts";
import { mariadbReplication } from "../../../../functions/core/probes/mysql/replication/mariadb-replication.ts";
import { mysqlReplication } from "../../../../functions/core/probes/mysql/replication/replication.ts";
import { readReplicaStatus } from "../../../../functions/core/probes/mysql/replication/status.ts";
import { context } from "../fake-session.ts";

const a = "0d95caa8-e5aa-11f1-ba80-02fc00000001";
const b = "0df164b1-e5aa-11f1-b29b-02fc00000001";

describe("GTID gaps", () => {
  it.each([
    [`${a}:1-10`, `${a}:1-7`, 3],
    [`${a}:1-5:7:9-12`, `${a}:1-5:10`, 4],
    [`${a}:1-5,\n${b}:1-3`, `${a}:1-5`, 3],
    [`${a.toUpperCase()}:1-5`, `${a}:1-5`, 0],
    [`${a}:1-5`, `${a}:1-9`, 0],
    [`${a}:1-4:tag_1:1-3`, `${a}:1-4`, 3],
    [`${a}:4-6:1-5`, "", 6],
    ["", `${a}:1`, 0],
  ])("P31 counts what %j has and %j has not", (ahead, behind, missing) => {
    expect(countMissingGtids(ahead, behind)).toBe(missing);
  });

  it("P31 counts MariaDB's positions by domain", () => {
    expect(countMissingMariadbGtids("0-1-120,5-2-9", "0-1-100,5-3-9")).toBe(20);
    expect(countMissingMariadbGtids("0-1-5,7-1-3", "0-1-9")).toBe(3);
  });

  it("P31 says nothing of what is no GTID set", () => {
    expect(countMissingGtids("0-1-5", "")).toBeNull();
    expect(countMissingMariadbGtids(`${a}:1-5`, "")).toBeNull();
  });
});

const stopped = {
  Slave_IO_Running: "Yes",
  Slave_SQL_Running: "No",
  Slave_IO_State: "Waiting for master to send event",
  Slave_SQL_Running_State: "",
  Master_Host: "db-0",
  Master_Port: 3306,
  Seconds_Behind_Master: null,
  Last_IO_Errno: 0,
  Last_IO_Error: "",
  Last_SQL_Errno: 1062,
  Last_SQL_Error:
    "Error 'Duplicate entry 'ann@example.com' for key 'email'' on query. Default database: 'app'. Query: 'INSERT INTO u VALUES ('ann@example.com')'",
  SQL_Delay: 0,
  Gtid_IO_Pos: "0-1-20",
  Using_Gtid: "Slave_Pos",
  Relay_Log_Space: 900,
};

describe("replica status", () => {
  it("P31 reads the old wording, and a stopped applier's lag is unknown and not 0", () => {
    const [row] = readReplicaStatus([stopped], { mariadbApplied: "0-1-15", raw: false });
    expect(row).toMatchObject({
      source: "db-0:3306",
      receiver: "running",
      applier: "stopped",
      lagSeconds: null,
      lagBeyondDelaySeconds: null,
      lagUnknownBecause: "nothing is applied: the applier is stopped",
      unappliedTransactions: 5,
    });
    expect(row?.errors).toMatchObject([{ thread: "applier", number: 1062 }]);
    expect(JSON.stringify(row)).not.toContain("ann@");
  });

  it("P31 subtracts a delay that is meant", () => {
    const delayed = { ...stopped, Slave_SQL_Running: "Yes", SQL_Delay: 3600, Seconds_Behind_Master: 3605 };
    const [row] = readReplicaStatus([delayed], { mariadbApplied: null, raw: false });
    expect(row).toMatchObject({ lagSeconds: 3605, intendedDelaySeconds: 3600, lagBeyondDelaySeconds: 5 });
  });

  it("P31 asks with the words and the procedure that the version and the place know", () => {
    const sqlOf = (version: string, flavour: "rds" | "self-managed", engine: "mysql" | "mariadb") => {
      const server = { engine, version, major: Number.parseFloat(version), backendId: 1 };
      const given = { ...context, server, target: { ...context.target, engine, flavour } };
      const probe = engine === "mysql" ? mysqlReplication : mariadbReplication;
      return [...probe.statements(given), ...(probe.follow?.([], given) ?? [])][0]?.sql;
    };
    expect(sqlOf("8.4.5", "rds", "mysql")).toBe("SHOW REPLICA STATUS");
    expect(sqlOf("8.0.22", "rds", "mysql")).toBe("SHOW REPLICA STATUS");
    expect(sqlOf("8.0.21", "rds", "mysql")).toBe("SHOW SLAVE STATUS");
    expect(sqlOf("10.11.8-MariaDB", "rds", "mariadb")).toBe("CALL mysql.rds_replica_status");
    expect(sqlOf("10.4.30-MariaDB", "rds", "mariadb")).toBe("SHOW ALL SLAVES STATUS");
    expect(sqlOf("10.11.8-MariaDB", "self-managed", "mariadb")).toBe("SHOW ALL SLAVES STATUS");
  });

  it("Q1 sends one statement to a server that follows nobody, and the tables of the channels where it is refused", () => {
    const server = { engine: "mysql", version: "8.4.5", major: 8.4, backendId: 1 } as const;
    const given = { ...context, server, target: { ...context.target, engine: "mysql" as const } };
    const sent = (answers: SqlRow[][]) => (mysqlReplication.follow?.(answers, given) ?? []).length;
    expect(sent([])).toBe(1);
    expect(sent([[]])).toBe(0);
    expect(sent([[stopped]])).toBe(2);
    expect(sent([[{ failed: "Access denied" }]])).toBe(3);
    const channel = {
      ...{ channel: "", host: "db-0", port: 3306, receiver: "ON", applier: "OFF", delay: 0 },
      ...{ receiver_error: 0, receiver_message: "", receiver_at: null, fetched: "", applied: "" },
    };
    const worker = { channel: "", number: 1032, message: "Can't find record in 't'", at: null };
    expect(
      mysqlReplication.read([[{ failed: "Access denied" }], [worker], [], [channel]], given),
    ).toMatchObject([{ applier: "stopped", errors: [{ thread: "worker", number: 1032 }] }]);
    expect(mysqlReplication.read([[]], given)).toEqual([]);
  });

  it("P31 reads Aurora's own view only on Aurora, in the documented shape", () => {
    const aurora = { ...context, target: { ...context.target, flavour: "aurora" as const } };
    expect(mysqlReplicationAurora.statements(context)).toEqual([]);
    expect(mysqlReplicationAurora.statements(aurora)).toHaveLength(1);
    const row = { session_id: "x", lag_ms: 20.4, cpu: 3.1, update_seconds: 0.4, is_current: 1 };
    const rows = [
      { ...row, server_id: "db-1", session_id: "MASTER_SESSION_ID", lag_ms: 0 },
      { ...row, server_id: "db-2" },
    ];
    expect(mysqlReplicationAurora.read([rows], aurora)).toMatchObject([
      { server: "db-2", writer: false, lagMs: 20.4 },
      { server: "db-1", writer: true, lagMs: null },
    ]);
  });
});

describe("error messages", () => {
  it("P31 keeps names and drops values", () => {
    expect(withoutValues("Duplicate entry 'secret' for key 'users.email'")).toBe(
      "Duplicate entry '?' for key 'users.email'",
    );
    expect(withoutValues("error in your SQL syntax near 'secret' at line 1")).not.toContain("secret");
    expect(withoutValues("Can't find record in 'orders'")).toContain("Can't find record");
  });

  it.each([
    [
      "Error 'Duplicate column name 'tier'' on query. Default database: 'app'. Query: 'ALTER TABLE cards ADD COLUMN tier varchar(9) NOT NULL DEFAULT 'secret' COMMENT 'it''s''",
      "Error: Duplicate column name 'tier' on query. Default database: 'app'. Query: ALTER TABLE cards ADD COLUMN tier varchar(?) NOT NULL DEFAULT ? COMMENT ?",
    ],
    [
      "Error 'Duplicate key name 'by_day'' on query. Default database: 'app'. Query: 'create index by_day on visits (day)'",
      "Error: Duplicate key name 'by_day' on query. Default database: 'app'. Query: create index by_day on visits (day)",
    ],
    [
      "Error 'Can't DROP 'by_day'; check that column/key exists' on query. Default database: 'app'. Query: 'DROP INDEX by_day ON visits'",
      "Error: Can't DROP 'by_day'; check that column/key exists on query. Default database: 'app'. Query: DROP INDEX by_day ON visits",
    ],
    [
      "Error 'Unknown column 'tier' in 'field list'' on query. Default database: 'app'. Query: 'INSERT INTO cards (tier) VALUES ('secret')'",
      "Error: Unknown column 'tier' in '?' on query. Default database: 'app'. Query '?'",
    ],
    // Cut by the server in the middle of a value.
    [
      "Error 'Duplicate column name 'tier'' on query. Default database: 'app'. Query: 'ALTER TABLE cards ADD COLUMN tier char(9) DEFAULT 'secr",
      "Error: Duplicate column name 'tier' on query. Default database: 'app'. Query: ALTER TABLE cards ADD COLUMN tier char(?) DEFAULT ?",
    ],
  ])("P31 tells the schema change at which it stopped: %j", (message, shown) => {
    expect(withoutValues(message)).toBe(shown);
  });
});
