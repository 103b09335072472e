import { describe, expect, it } from "vitest";
import type { ServerInfo, SqlRow } from "../../../../functions/core/ports.ts";
import {
  mysqlWaitKind,
  stateKinds,
  waitEventKinds,
} from "../../../../functions/core/probes/mysql/wait-kinds.ts";
import { mysqlWaitProfile } from "../../../../functions/core/probes/mysql/wait-profile.ts";
import { context } from "../fake-session.ts";

const mysql = { engine: "mysql", version: "8.4.7", major: 8, backendId: 7 } as const;

function read(
  looks: readonly {
    readonly sessions: readonly SqlRow[];
    readonly levels?: Readonly<Record<string, number>>;
  }[],
  { consumers = 2, server = mysql }: { readonly consumers?: number; readonly server?: ServerInfo } = {},
) {
  const answers = looks.flatMap(({ sessions, levels = {} }, index) => [
    sessions,
    Object.entries({ Threads_running: 3, ...levels }).map(([name, value]) => ({
      name: server.engine === "mariadb" ? name.toUpperCase() : name,
      value: String(value),
      at_seconds: String(100 + index),
    })),
  ]);
  const all = [...answers, [{ sizes: 5 }], [{ turned_on: consumers, recording: consumers > 0 ? 1 : 0 }]];
  const [row] = mysqlWaitProfile.read(all, { ...context, server });
  return row;
}

const seen = (state: string, sessions: number, event: string | null = null, seconds = sessions) => ({
  state,
  event,
  sessions: String(sessions),
  seconds: String(seconds),
});

describe("what a session of MySQL or MariaDB is at", () => {
  it("P28 is told by a table each row of which names its page", () => {
    for (const { source } of [...stateKinds, ...waitEventKinds]) expect(source).toMatch(/^https:\/\//);
  });

  it.each([
    ["executing", "work"],
    ["Sending data", "work"],
    ["", "work"],
    ["waiting for handler commit", "log"],
    ["Waiting for prior transaction to commit", "log"],
    ["Commit", "log"],
    ["Waiting for semi-sync ACK from replica", "replica"],
    ["Waiting for table metadata lock", "lock"],
    ["Waiting for backup lock", "lock"],
    ["Waiting for commit lock", "lock"],
    ["Waiting for table flush", "lock"],
    ["User lock", "lock"],
    ["User sleep", "other"],
    ["Sending to client", "client"],
    ["Writing to net", "client"],
    ["Replica has read all relay log; waiting for more updates", "idle"],
    ["Slave has read all relay log; waiting for more updates", "idle"],
    ["Waiting for source to send event", "idle"],
    ["Waiting for an event from Coordinator", "idle"],
    ["Waiting for work from SQL thread", "idle"],
    ["Waiting on empty queue", "idle"],
  ])("P28 takes the state %j for %s", (state, kind) => {
    expect(mysqlWaitKind(null, state, false)).toBe(kind);
  });

  it.each([
    ["wait/io/file/innodb/innodb_data_file", "io"],
    ["wait/io/file/innodb/innodb_log_file", "log"],
    ["wait/io/file/sql/binlog", "log"],
    ["wait/io/redo_log_flush", "log"],
    ["wait/synch/cond/innodb/row_lock_wait", "lock"],
    ["wait/synch/mutex/innodb/trx_sys_mutex", "latch"],
    ["wait/io/socket/sql/client_connection", "client"],
    ["wait/io/nothing/known", "other"],
  ])("P28 takes the wait %s for %s, whatever the state", (event, kind) => {
    expect(mysqlWaitKind(event, "executing", true)).toBe(kind);
  });
});

describe("the wait profile of MySQL and MariaDB", () => {
  it("P28 adds up the looks, and says how long the statements had run", () => {
    const row = read([
      { sessions: [seen("executing", 4, null, 8)] },
      { sessions: [seen("executing", 2, null, 1)] },
    ]);
    expect(row).toMatchObject({
      samples: 2,
      windowSeconds: 1,
      threadsRunning: 3,
      waits: [
        {
          kind: "work",
          name: "executing",
          observations: 6,
          averageSessions: 3,
          percent: 100,
          meanSeconds: 1.5,
        },
      ],
    });
  });

  it("P28 takes those who wait for rows and pages out of those whose state says that they work", () => {
    const levels = { Innodb_row_lock_current_waits: 3, Innodb_data_pending_reads: 4 };
    const sessions = [seen("updating", 6), seen("User sleep", 5)];
    for (const server of [
      mysql,
      { engine: "mariadb", version: "10.11.9", major: 10, backendId: 7 } as const,
    ]) {
      const kinds = read([{ sessions, levels }], { server })?.waits.map(({ kind, observations }) => [
        kind,
        observations,
      ]);
      expect(kinds).toEqual([
        ["other", 5],
        ["io", 3],
        ["lock", 3],
      ]);
    }
  });

  it("P28 takes whoever is in no wait for one on the CPU only where wait events are recorded", () => {
    const sessions = [seen("executing", 2), seen("executing", 3, "wait/io/file/innodb/innodb_data_file")];
    const on = read([{ sessions, levels: { Innodb_data_pending_reads: 9 } }], { consumers: 3 });
    expect(on?.waits.map(({ kind, observations }) => [kind, observations])).toEqual([
      ["io", 3],
      ["cpu", 2],
    ]);
    expect(on).toMatchObject({ toldBy: "wait-events", notSeen: null, howToSee: null });
    expect(read([{ sessions: [] }])).toMatchObject({
      toldBy: "thread-states",
      notSeen: "events_waits_current is off",
      howToSee: expect.stringContaining("events_waits_current"),
      waits: [],
    });
  });

  it("D7 says that nothing is recorded at all where performance_schema is off", () => {
    expect(read([{ sessions: [] }], { consumers: 0 })).toMatchObject({
      notSeen: "performance_schema is off",
      howToSee: expect.stringContaining("parameter group"),
    });
  });

  it("P28 leaves out threads that wait for something to do", () => {
    expect(read([{ sessions: [seen("Waiting for source to send event", 1)] }])?.waits).toEqual([]);
  });
});
