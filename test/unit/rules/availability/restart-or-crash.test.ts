import { describe, expect, it } from "vitest";
import type { DatabaseContext } from "../../../../functions/core/contract/context.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { restartOrCrash } from "../../../../functions/core/rules/availability/restart-or-crash.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, anAlarm, aServer, collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const down = (minutes: number) => anEvent(minutes, "availability", "DB instance shutdown");
const up = (minutes: number) => anEvent(minutes, "availability", "DB instance restarted");
const judge = (scene: MetricScene) => restartOrCrash.evaluate(metricView(scene));

function ago(minutes: number): string {
  return new Date(Date.parse(collectedAt) - minutes * 60_000).toISOString();
}

function logOf(...lines: string[]): Partial<DatabaseContext> {
  const file = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const server = `${ago(4).slice(0, 19).replace("T", " ")} UTC::@:[412]:`;
  return { logs: [{ ...file, lines: lines.map((line) => `${server}${line}`) }] };
}

function mysqlLog(line: string): MetricScene {
  const file = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  return {
    engine: "mysql",
    server: aServer({ uptimeSeconds: 200 }),
    context: { logs: [{ ...file, lines: [`${ago(4).slice(0, 19)}Z ${line}`] }] },
  };
}

function call(what: string, minutes: number, id = "orders-db"): Partial<DatabaseContext> {
  const common = { source: "cloudtrail", subject: "orders-db", error: null } as const;
  const detail = `dBInstanceIdentifier=${id}`;
  return { changes: [{ ...common, at: ago(minutes), what, by: "ana", detail }] };
}

describe("restart-or-crash", () => {
  it("M3 is silent where nothing restarted, after a day, and beside a failover, which tells itself", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ events: [up(25 * 60)] })).toEqual([]);
    const failover = anEvent(5, "failover", "Multi-AZ instance failover completed");
    expect(judge({ events: [down(6), up(5), failover] })).toEqual([]);
    const activated = anEvent(5, "failover", "Multi-AZ instance activation completed.");
    expect(judge({ events: [down(6), up(5), activated] })).toHaveLength(1);
  });

  it("M3 wakes for a restart that nobody asked for, less after half an hour, more when it goes on and on", () => {
    expect(judge({ events: [down(6), up(5)] })[0]).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("what for, neither RDS nor its log tells"),
    });
    expect(judge({ events: [down(46), up(45)] })[0]).toMatchObject({ severity: "P3", explains: [] });
    expect(judge({ events: [up(5), up(90), up(300)] })[0]?.severity).toBe("P1");
    const out = { connection: aConnection({ status: "not-connected", failedStep: "tcp" }) };
    expect(judge({ events: [down(4)], overrides: out })[0]).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining("has not come up"),
    });
    expect(judge({ events: [down(4)] })[0]?.severity).toBe("P2");
  });

  it("M7 tells a reboot and maintenance as asked for, by whom, and forgets them soon", () => {
    const reboot = { events: [down(6), up(5)], context: call("RebootDBInstance", 7) };
    expect(judge(reboot)[0]).toMatchObject({
      severity: "P3",
      summary: expect.stringContaining("ana called RebootDBInstance"),
    });
    expect(judge({ ...reboot, events: [down(46), up(45)] })[0]?.summary).not.toContain("ana");
    const certificate = call("ModifyDBInstance", 7, "orders-db, cACertificateIdentifier=rds-ca-ecc384-g1");
    expect(judge({ events: [down(6), up(5)], context: certificate })[0]).toMatchObject({
      severity: "P3",
      summary: expect.stringContaining("ana called ModifyDBInstance, for a certificate of another authority"),
    });
    const ofAnother = { events: [down(6), up(5)], context: call("RebootDBInstance", 7, "billing-db") };
    expect(judge(ofAnother)[0]?.severity).toBe("P2");
    const patch = anEvent(9, "maintenance", "Applying off-line patches to DB instance");
    expect(judge({ events: [patch, down(6), up(5)] })[0]).toMatchObject({ severity: "P3" });
    expect(judge({ events: [anEvent(50, "maintenance", patch.message), down(46), up(45)] })).toEqual([]);
    const available = anEvent(9, "maintenance", "A minor version upgrade is available");
    expect(judge({ events: [available, down(6), up(5)] })[0]?.severity).toBe("P2");
  });

  it.each([
    ["LOG: server process (PID 9) was terminated by signal 9: Killed", "memory is out", 1],
    ["LOG: server process (PID 9) was terminated by signal 11: Segmentation fault", "the engine crashed", 0],
    ["UTC - mysqld got signal 11 ;", "the engine crashed", 0],
    [
      "0 [ERROR] [FATAL] InnoDB: innodb_fatal_semaphore_wait_threshold was exceeded for dict_sys.latch. Please refer to https://mariadb.com/kb/",
      "too long for one of its semaphores",
      0,
    ],
    [
      "0 [ERROR] [MY-012872] [InnoDB] [FATAL] Semaphore wait has lasted > 600 seconds. We intentionally crash the server because it appears to be hung.",
      "too long for one of its semaphores",
      0,
    ],
    ["0 [Note] InnoDB: Starting crash recovery from checkpoint LSN=45", "recovered from a crash", 0],
  ])("M3 takes the cause from the engine's log: %s", (line, says, actions) => {
    const [found] = judge(line.startsWith("LOG") ? { context: logOf(line) } : mysqlLog(line));
    expect(found).toMatchObject({ severity: "P2", summary: expect.stringContaining(says) });
    expect(found?.actions).toHaveLength(actions);
  });

  it("M3 counts what RDS says of one crash once, and shows what the log says of it", () => {
    const started = (minutes: number) =>
      anEvent(minutes, "recovery", "Recovery of the DB instance has started. Recovery time will vary.");
    const complete = (minutes: number) =>
      anEvent(minutes, "recovery", "Recovery of the DB instance is complete.");
    const crash = (minutes: number) => [complete(minutes), up(minutes), started(minutes + 2)];
    const told = (...events: ReturnType<typeof up>[]) => judge({ events })[0]?.summary;
    expect(told(...crash(5))).not.toContain("restarts within a day");
    expect(told(...crash(5), ...crash(9))).toContain("2 restarts within a day");
    expect(told(...crash(5), ...crash(60), ...crash(300))).toContain("3 restarts within a day");
    // Events get lost: of one crash the one word, of another the other.
    expect(told(up(5), complete(200))).toContain("2 restarts within a day");
    const line = "0 [ERROR] [FATAL] InnoDB: innodb_fatal_semaphore_wait_threshold was exceeded for ?";
    expect(judge({ ...mysqlLog(line), events: crash(4) })[0]).toMatchObject({
      summary: expect.stringContaining("semaphores"),
      evidence: expect.arrayContaining([
        { source: "log", says: expect.stringContaining("was exceeded for") },
      ]),
    });
  });

  it("M7 names a buffer of each session that was raised before memory ran out, and is worse where it comes again", () => {
    const raised = (minutes: number, to: number, name = "work_mem") => ({
      ...anEvent(
        minutes,
        "configuration change",
        `Updated parameter ${name} to ${to} with apply method immediate`,
      ),
      ...{ subject: "orders-17", source: "parameter-group" as const },
    });
    const told = (...events: ReturnType<typeof up>[]) =>
      judge({
        context: logOf("LOG: server process (PID 9) was terminated by signal 9: Killed"),
        values: { DatabaseConnections: held(80) },
        self: { instanceClass: "db.r6g.large" },
        events,
      })[0];
    const [half, often] = [524_288, [up(4), up(60)]];
    expect(told(...often, raised(90, half), raised(900, 4096))).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining(
        "it follows the change of work_mem to 524288, 90 min ago: each session may take 512 MiB for one sort or join",
      ),
      actions: [{ automatic: false, preview: expect.stringContaining("first take that back") }],
    });
    const unknown = told(...often, raised(90, half));
    expect(unknown?.summary).toContain("whether it was raised or lowered to this could not be seen");
    expect(unknown?.actions[0]?.preview).toContain("first set it lower");
    expect(told(up(4), raised(90, half))?.severity).toBe("P2");
    // After it, or too little to matter, or nothing that sessions take.
    for (const event of [raised(2, half), raised(90, 4096), raised(90, half, "maintenance_work_mem")]) {
      expect(told(...often, event)).toMatchObject({ severity: "P2" });
      expect(told(...often, event)?.summary).not.toContain("it follows");
    }
  });

  it("D11 tells what the killed process ran, and offers no larger class while the memory is free again", () => {
    const context = logOf(
      "LOG: server process (PID 9) was terminated by signal 9: Killed",
      "DETAIL:Failed process was running: SELECT count(*) FROM policy_events",
    );
    const callOf = (scene: MetricScene) => judge(scene)[0]?.actions[0];
    const again = { context, values: { FreeableMemory: [40e6, ...held(4e9, 9)] } };
    expect(judge(again)[0]?.evidence).toContainEqual({
      source: "log",
      says: "the process that was ended ran: SELECT count(*) FROM policy_events",
    });
    expect(judge(again)[0]?.summary).toContain("; that process ran SELECT count(*) FROM policy_events");
    expect(callOf(again)).toMatchObject({ id: "scale-instance-class", automatic: false });
    expect(callOf(again)?.preview).toContain("the restart has given the memory back");
    expect(callOf({ context })?.preview).toContain("whether memory is still short could not be seen");
    const short = { context, values: { FreeableMemory: held(50e6) } };
    expect(callOf(short)?.preview).toContain("aws rds modify-db-instance");
    const loop = { events: [up(5), up(90), up(300)], context, values: again.values };
    expect(callOf(loop)?.preview).toContain("aws rds modify-db-instance");
  });

  it("M7 tells what lets each session take much memory, by a call of hours before alone", () => {
    const crash = logOf("LOG: server process (PID 9) was terminated by signal 9: Killed");
    const says = (minutes: number, kib: number, subject = "orders-17", by = crash) => {
      const set = { parameterName: "work_mem", parameterValue: String(kib), applyMethod: "immediate" };
      const one = { source: "cloudtrail", what: "ModifyDBParameterGroup", by: "ana", error: null } as const;
      const detail = `dBParameterGroupName=${subject}, parameters=[${JSON.stringify(set)}]`;
      const context = { ...by, changes: [{ ...one, at: ago(minutes), subject, detail }] };
      return judge({ context, values: { DatabaseConnections: held(90) } })[0]?.summary;
    };
    expect(says(192, 1_048_576)).toContain(
      "it follows the change of work_mem to 1048576 by ana, 192 min ago",
    );
    // A trifle for so many; another database's group; set after it; no matter of memory.
    expect(says(192, 4096)).not.toContain("work_mem");
    expect(says(192, 1_048_576, "billing-17")).not.toContain("work_mem");
    expect(says(2, 1_048_576)).not.toContain("work_mem");
    const broken = logOf("LOG: server process (PID 9) was terminated by signal 11: Segmentation fault");
    expect(says(192, 1_048_576, "orders-17", broken)).not.toContain("work_mem");
  });

  it("M3 tells of an engine that crashed what it ran, and of a restart that was asked for nothing", () => {
    const lines = ["DETAIL:Failed process was running: SELECT broken()"];
    const signal = "LOG: server process (PID 9) was terminated by signal 11: Segmentation fault";
    const says = (scene: MetricScene) =>
      judge(scene)[0]
        ?.evidence.map((one) => one.says)
        .join(" ");
    expect(says({ context: logOf(signal, ...lines) })).toContain("SELECT broken()");
    const asked = { ...logOf(...lines), ...call("RebootDBInstance", 7) };
    expect(says({ events: [down(6), up(5)], context: asked })).not.toContain("broken");
  });

  it("D7 says that it came up again only where nothing speaks against it, or the log tells", () => {
    const overrides = { connection: aConnection({ status: "not-connected", failedStep: "tcp" }) };
    const signal = "LOG: server process (PID 9) was terminated by signal 11: Segmentation fault";
    const ready = "LOG: database system is ready to accept connections";
    const says = (scene: MetricScene) => judge(scene)[0];
    expect(says({ context: logOf(signal), overrides })).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining("went down 4 min ago and has not come up: the engine crashed"),
    });
    expect(says({ context: logOf(signal, ready), overrides })?.summary).toContain("came up again");
    expect(says({ context: logOf(ready, signal), overrides })?.summary).toContain("has not come up");
    expect(says({ context: logOf(signal) })?.summary).toContain("came up again");
  });

  it("M3 knows a volume that is full by PostgreSQL's panic, and tells no restart of what RDS has stopped for it", () => {
    const context = logOf(
      'PANIC: could not write to file "pg_wal/xlogtemp.380": No space left on device',
      "LOG: server process (PID 9) was terminated by signal 6: Aborted",
    );
    expect(judge({ context })[0]?.summary).toContain("its storage was full");
    expect(judge({ context, self: { status: "storage-full" } })).toEqual([]);
    const crash = logOf("LOG: server process (PID 9) was terminated by signal 6: Aborted");
    expect(judge({ context: crash, self: { status: "storage-full" } })).toHaveLength(1);
    const statement = logOf("ERROR: could not extend file: No space left on device");
    expect(judge({ context: statement })).toEqual([]);
  });

  it("M3 takes no ended session and no error of a statement for a crash", () => {
    const lines = [
      'LOG: background worker "x" (PID 9) was terminated by signal 15: Terminated',
      "ERROR: out of memory",
      "LOG: ready",
    ];
    expect(judge({ context: logOf(...lines) })).toEqual([]);
  });

  it("M3 names storage, a failed host and low memory by RDS's words", () => {
    const text = (message: string, category: string) =>
      judge({ events: [anEvent(7, category, message), up(5)] })[0]?.summary;
    expect(text("DB instance has reached the storage-full threshold", "availability")).toContain("full");
    expect(text("Recovery of the DB instance has started.", "recovery")).toContain("recovered it");
    expect(text("system to run critically low on memory", "notification")).toContain("critically low");
    expect(
      judge({ events: [up(2)], values: { FreeableMemory: [40e6, ...held(4e9, 3)] } })[0]?.summary,
    ).toContain("memory was down to");
  });

  it("M3 takes little memory before it for the cause where others tell no more than that it crashed", () => {
    const failed = anEvent(7, "recovery", "Recovery of the DB instance has started.");
    const said = (free: number, line = "[Note] InnoDB: Starting crash recovery from checkpoint LSN=88") =>
      judge({
        ...mysqlLog(line),
        events: [failed, up(4)],
        values: { FreeableMemory: [free, ...held(4e9, 3)] },
      })[0]?.summary;
    expect(said(40e6)).toContain("memory was down to 38 MiB shortly before");
    expect(said(3e9)).toContain("recovered from a crash");
    // The engine's own word of what ended it is nearer.
    expect(said(40e6, "0 [ERROR] mysqld got signal 11 ;")).toContain("the engine crashed");
  });

  it("M3 takes the log's word when it is newer, and none of a restored database's first start", () => {
    const crash = logOf("LOG: database system was not properly shut down; automatic recovery in progress");
    const old = { events: [down(301), up(300)], context: crash };
    expect(judge(old)[0]).toMatchObject({ severity: "P2", evidence: [{ source: "log" }] });
    expect(judge({ events: [up(3)], context: crash })[0]?.evidence[0]?.source).toBe("DescribeEvents");
    const restored = anEvent(6, "restoration", "Restored from snapshot orders-before");
    expect(judge({ events: [restored], context: crash })).toEqual([]);
    const failover = anEvent(6, "failover", "Multi-AZ instance failover completed");
    expect(judge({ events: [failover], context: crash })).toEqual([]);
  });

  it("M2 tells an Aurora reader that was restarted for its lag, as a note about that reader", () => {
    const fallen = {
      ...anEvent(3, "read replica", "Read replica has fallen behind the master too much. Restarting Mysql"),
      subject: "orders-r1",
    };
    const restarted = { ...up(2), subject: "orders-r1" };
    const found = judge({ others: [{ id: "orders-r1", role: "reader" }], events: [fallen, restarted] });
    expect(found).toMatchObject([
      { subject: "orders-r1", severity: "P3", summary: expect.stringContaining("too far behind") },
    ]);
    expect(found[0]?.explains.map(({ cause }) => cause)).toEqual(["reader-down"]);
  });

  it("M3 notes a server that is younger than the alarm, before RDS has said anything", () => {
    const server = aServer({ uptimeSeconds: 120 });
    const alarm = (at: string) => ({ signal: anAlarm("DatabaseConnections", { at }) });
    expect(judge({ server, overrides: alarm(ago(1)) })[0]).toMatchObject({ severity: "P3", confidence: 0.6 });
    expect(judge({ server })).toEqual([]);
    const failover = anEvent(2, "failover", "Multi-AZ instance failover completed");
    expect(judge({ server, events: [failover], overrides: alarm(ago(1)) })).toEqual([]);
    expect(judge({ server: aServer({ uptimeSeconds: 900 }), overrides: alarm(ago(1)) })).toEqual([]);
    const why = (message: string) =>
      judge({ server, events: [anEvent(1, "maintenance", message)], overrides: alarm(ago(1)) })[0]?.summary;
    expect(why("Attempt to upgrade the database with zero downtime finished.")).toMatch(
      /it restarted; RDS said at \S+: Attempt to upgrade the database with zero downtime finished$/,
    );
    expect(why("An upgrade is available.")).toContain("why, RDS has not said yet");
  });

  it("D2 explains an outage, and is explained by memory that is still short", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "tcp" });
    const { evidence } = metricView({
      events: [down(4), anEvent(6, "notification", "running critically low on memory")],
      values: { FreeableMemory: held(50e6) },
      overrides: { connection },
    });
    const { rootCauses, findings } = diagnose({ ...evidence, connection }, defaultSettings);
    expect(rootCauses).toEqual(["memory-pressure"]);
    const restart = findings.find(({ id }) => id === "restart-or-crash");
    expect(restart).toMatchObject({ explains: ["database-unreachable"], explainedBy: ["memory-pressure"] });
  });
});
