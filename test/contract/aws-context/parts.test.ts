import { afterEach, describe, expect, it } from "vitest";
import {
  createCloudTrailClient,
  createContextRdsClient,
  createPiClient,
} from "../../../functions/adapters/aws/context-clients.ts";
import { createDatabaseContext } from "../../../functions/adapters/aws/database-context.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import {
  jsonAnswer,
  jsonError,
  rdsAnswer,
  rdsError,
  type StubAnswer,
  type StubCall,
  startStub,
} from "./stub.ts";

process.env["AWS_ACCESS_KEY_ID"] ??= "stand-in";
process.env["AWS_SECRET_ACCESS_KEY"] ??= "stand-in";

const to = Date.parse("2026-11-21T10:00:00Z");
const from = to - 86_400_000;

let stop: (() => Promise<void>) | null = null;
afterEach(async () => {
  await stop?.();
  stop = null;
});

async function withAnswers(answer: (call: StubCall) => StubAnswer) {
  const stub = await startStub(answer);
  stop = stub.stop;
  const settings = { region: "eu-west-1", endpoint: stub.endpoint };
  const context = createDatabaseContext({
    rds: createContextRdsClient(settings),
    pi: createPiClient(settings),
    cloudTrail: createCloudTrailClient(settings),
  });
  return { context, calls: stub.calls };
}

describe("RDS events", () => {
  const eventXml = (id: string, at: string, category: string) =>
    `<Event><SourceIdentifier>${id}</SourceIdentifier><SourceType>db-instance</SourceType><Message>m of ${id}</Message><EventCategories><EventCategory>${category}</EventCategory></EventCategories><Date>${at}</Date></Event>`;

  it("M3 come newest first over all subjects; one that is denied costs only itself", async () => {
    const { context, calls } = await withAnswers(({ action, parameters }) => {
      const id = String(parameters["SourceIdentifier"]);
      if (id === "shop") return rdsError("AccessDenied", "no", 403);
      const events = [
        eventXml(id, "2026-11-21T08:00:00Z", "backup"),
        eventXml(id, "2026-11-21T09:30:00Z", "failover"),
      ];
      return rdsAnswer(action, `<Events>${events.join("")}</Events>`);
    });
    const subjects = [
      { source: "instance", id: "shop-1" },
      { source: "cluster", id: "shop" },
    ] as const;
    const { value, missing } = await context.events.read(subjects, from, to);
    expect(value?.map(({ at, categories }) => [at, categories[0]])).toEqual([
      ["2026-11-21T09:30:00.000Z", "failover"],
      ["2026-11-21T08:00:00.000Z", "backup"],
    ]);
    expect(missing).toMatchObject([{ what: "RDS events of shop", howToSee: "allow rds:DescribeEvents" }]);
    const asked = calls.map(({ parameters }) => parameters["SourceType"]);
    expect(new Set(asked)).toEqual(new Set(["db-instance", "db-cluster"]));
    expect(calls[0]?.parameters["StartTime"]).toBe("2026-11-20T10:00:00Z");
  });
});

describe("log files", () => {
  const listOf = (files: readonly (readonly [name: string, size: number, written: number])[]) =>
    `<DescribeDBLogFiles>${files
      .map(
        ([name, size, written]) =>
          `<DescribeDBLogFilesDetails><LogFileName>${name}</LogFileName><Size>${size}</Size><LastWritten>${to - 10_000 + written}</LastWritten></DescribeDBLogFilesDetails>`,
      )
      .join("")}</DescribeDBLogFiles>`;
  const files = listOf([
    ["error/mysql-error-running.log", 0, 1],
    ["error/mysql-error.log", 50, 2],
    ["slowquery/mysql-slowquery.log", 90_000, 3],
    ["audit/server_audit.log", 10, 4],
  ]);

  it("M3 the ends of the newest error and slow log are read, no other file, bounded at a whole line", async () => {
    const long = Array.from({ length: 4000 }, (_, index) => `line ${index} ${"x".repeat(40)}`).join("\n");
    const { context, calls } = await withAnswers(({ action, parameters }) => {
      if (action === "DescribeDBLogFiles") return rdsAnswer(action, files);
      const data = parameters["LogFileName"] === "error/mysql-error.log" ? "one\ntwo" : long;
      return rdsAnswer(
        action,
        `<LogFileData>${data}</LogFileData><AdditionalDataPending>false</AdditionalDataPending>`,
      );
    });
    const { value, missing } = await context.logs.read(aTarget({ engine: "mysql" }), from);
    expect(missing).toEqual([]);
    expect(value?.map(({ file, kind }) => `${kind} ${file}`)).toEqual([
      "error error/mysql-error.log",
      "slow slowquery/mysql-slowquery.log",
    ]);
    expect(value?.[1]?.text.length).toBeLessThanOrEqual(128 * 1024);
    expect(value?.[1]?.text).toMatch(/^line \d+ x+\n/);
    expect(value?.[1]?.truncated).toBe(true);
    const downloads = calls.filter(({ action }) => action === "DownloadDBLogFilePortion");
    expect(downloads.map(({ parameters }) => parameters["NumberOfLines"])).toEqual(["1000", "1000"]);
    expect(downloads.every(({ parameters }) => parameters["Marker"] === undefined)).toBe(true);
  });

  it.each([
    ["that says so", () => "x\n [Your log message was truncated]\n"],
    ["of a megabyte", () => "x".repeat(1_000_000)],
  ])(
    "M3 of an answer whose end is cut, %s, fewer lines are asked for: the newest count",
    async (_what, cut) => {
      const few = { least: 200 };
      const { context, calls } = await withAnswers(({ action, parameters }) => {
        if (action === "DescribeDBLogFiles") return rdsAnswer(action, files);
        const lines = Number(parameters["NumberOfLines"]);
        return rdsAnswer(action, `<LogFileData>${lines > few.least ? cut() : "new"}</LogFileData>`);
      });
      const { value, missing } = await context.logs.read(aTarget({ engine: "mysql" }), from);
      expect([value?.map(({ text }) => text), missing]).toEqual([["new", "new"], []]);
      const asked = calls.filter(({ parameters }) => parameters["LogFileName"] === "error/mysql-error.log");
      expect(asked.map(({ parameters }) => parameters["NumberOfLines"])).toEqual(["1000", "200"]);
      few.least = 0;
      const never = await context.logs.read(aTarget({ engine: "mysql" }), from);
      expect(never.value).toEqual([]);
      expect(never.missing.map(({ what }) => what)).toEqual([
        "log file error/mysql-error.log",
        "log file slowquery/mysql-slowquery.log",
      ]);
    },
  );

  it.each([
    ["beside it", 0, "error/postgresql.log.09"],
    ["of long ago", -3_600_000, "error/postgresql.log.09.csv"],
  ])("M3 of a log as CSV the plain file is read, %s", async (_what, written, wanted) => {
    const both = listOf([
      ["error/postgresql.log.09.csv", 50, 2],
      ["error/postgresql.log.09", 50, written],
    ]);
    const { context } = await withAnswers(({ action }) =>
      rdsAnswer(action, action === "DescribeDBLogFiles" ? both : "<LogFileData>one</LogFileData>"),
    );
    const { value } = await context.logs.read(aTarget({ engine: "postgres" }), from);
    expect(value?.map(({ file }) => file)).toEqual([wanted]);
  });

  it("M3 PostgreSQL's log of this hour goes on from the one before it, while it is short", async () => {
    const answer = async (size: number) => {
      const hours = listOf([
        ["error/postgresql.log.10", size, 3],
        ["error/postgresql.log.09", 400_000, 1],
        ["error/postgresql.log.09.csv", 400_000, 2],
        ["error/postgresql.log.08", 50, -3_600_000],
      ]);
      const { context, calls } = await withAnswers(({ action, parameters }) => {
        if (action === "DescribeDBLogFiles") return rdsAnswer(action, hours);
        const hour = String(parameters["LogFileName"]).slice(-2);
        return rdsAnswer(
          action,
          `<LogFileData>${`line of ${hour}\n`.repeat(hour === "10" ? size / 11 : 1)}</LogFileData>`,
        );
      });
      const { value } = await context.logs.read(aTarget({ engine: "postgres" }), from);
      await stop?.();
      stop = null;
      const asked = calls.flatMap(({ parameters }) => parameters["LogFileName"] ?? []);
      return { portion: value?.[0], count: value?.length, asked };
    };
    const short = await answer(22);
    expect(short.count).toBe(1);
    expect(short.portion).toMatchObject({ file: "error/postgresql.log.10", truncated: false });
    expect(short.portion?.text).toBe("line of 10\nline of 10\n");
    expect(short.portion?.earlier).toBe("line of 09\n");
    expect(short.asked).toEqual(["error/postgresql.log.10", "error/postgresql.log.09"]);
    const long = await answer(11 * 8000);
    expect(long.asked).toEqual(["error/postgresql.log.10"]);
    expect(long.portion?.truncated).toBe(false);
  });

  it("M6 an older file that does not come in time costs nothing but itself", async () => {
    const hours = listOf([
      ["error/postgresql.log.10", 4, 3],
      ["error/postgresql.log.09", 400_000, 1],
    ]);
    const { context } = await withAnswers(({ action, parameters }) => {
      if (action === "DescribeDBLogFiles") return rdsAnswer(action, hours);
      return String(parameters["LogFileName"]).endsWith("09")
        ? { ...rdsAnswer(action, "<LogFileData>old</LogFileData>"), delayMs: 5000 }
        : rdsAnswer(action, "<LogFileData>new\n</LogFileData>");
    });
    const { value, missing } = await context.logs.read(aTarget({ engine: "postgres" }), from);
    expect(value).toMatchObject([{ text: "new\n", truncated: false }]);
    expect(value?.[0]).not.toHaveProperty("earlier");
    expect(missing.map(({ what }) => what)).toEqual(["log file error/postgresql.log.09"]);
  });

  it("M6 a download that is denied names its permission, the list alone is no log", async () => {
    const { context } = await withAnswers(({ action }) =>
      action === "DescribeDBLogFiles" ? rdsAnswer(action, files) : rdsError("AccessDenied", "no", 403),
    );
    const { value, missing } = await context.logs.read(aTarget({ engine: "mysql" }), from);
    expect(value).toEqual([]);
    expect(missing.map(({ howToSee }) => howToSee)).toEqual(
      Array(2).fill("allow rds:DownloadDBLogFilePortion"),
    );
  });
});

describe("Performance Insights", () => {
  it("M4 brings load by wait event, statement with its waits, user and host, asked by resource id", async () => {
    const { context, calls } = await withAnswers(({ parameters }) => {
      const group = String(Reflect.get(Object(parameters["GroupBy"]), "Group"));
      if (group !== "db.sql_tokenized") {
        return jsonAnswer({ Keys: [{ Dimensions: { [`${group}.name`]: `a ${group}` }, Total: 2.5 }] });
      }
      const statement = "SELECT * FROM orders WHERE id = ?";
      return jsonAnswer({
        PartitionKeys: [
          { Dimensions: { "db.wait_event.name": "CPU" } },
          { Dimensions: { "db.wait_event.name": "Lock:tuple" } },
        ],
        Keys: [
          {
            Dimensions: { "db.sql_tokenized.id": "A1", "db.sql_tokenized.statement": statement },
            Total: 3,
            Partitions: [0, 3],
          },
        ],
      });
    });
    const { value, missing } = await context.load.read("db-ABC", to - 900_000, to);
    expect(missing).toEqual([]);
    expect(value?.map(({ by, items }) => [by, items[0]?.name, items[0]?.load])).toEqual([
      ["wait-event", "a db.wait_event", 2.5],
      ["statement", "SELECT * FROM orders WHERE id = ?", 3],
      ["user", "a db.user", 2.5],
      ["host", "a db.host", 2.5],
    ]);
    expect(value?.[1]?.items[0]).toMatchObject({ id: "A1", waits: [{ name: "Lock:tuple", load: 3 }] });
    expect(calls).toHaveLength(4);
    expect(calls[0]).toMatchObject({
      action: "DescribeDimensionKeys",
      parameters: { ServiceType: "RDS", Identifier: "db-ABC", Metric: "db.load.avg", PeriodInSeconds: 60 },
    });
  });

  it("M6 denied, it says which permission, and the others are not affected", async () => {
    const { context } = await withAnswers(() => jsonError("NotAuthorizedException", "no pi"));
    const { value, missing } = await context.load.read("db-ABC", from, to);
    expect(value).toBeNull();
    expect(new Set(missing.map(({ howToSee }) => howToSee))).toEqual(
      new Set(["allow pi:DescribeDimensionKeys"]),
    );
  });
});

describe("backups", () => {
  it("M5 the newest usable snapshot is found over pages; one being created does not count", async () => {
    const snapshot = (id: string, at: string, status: string) =>
      `<DBSnapshot><DBSnapshotIdentifier>${id}</DBSnapshotIdentifier><SnapshotCreateTime>${at}</SnapshotCreateTime><Status>${status}</Status><SnapshotType>automated</SnapshotType></DBSnapshot>`;
    const { context } = await withAnswers(({ action, parameters }) => {
      if (action === "DescribeDBInstanceAutomatedBackups") {
        return rdsAnswer(
          action,
          "<DBInstanceAutomatedBackups><DBInstanceAutomatedBackup><Status>active</Status><RestoreWindow><EarliestTime>2026-11-14T03:00:00Z</EarliestTime><LatestTime>2026-11-21T09:55:00Z</LatestTime></RestoreWindow></DBInstanceAutomatedBackup></DBInstanceAutomatedBackups>",
        );
      }
      const first = parameters["Marker"] === undefined;
      const list = first
        ? snapshot("rds:old", "2026-11-19T03:00:00Z", "available")
        : snapshot("rds:new", "2026-11-20T03:00:00Z", "available") +
          snapshot("rds:now", "2026-11-21T03:00:00Z", "creating");
      return rdsAnswer(action, `${first ? "<Marker>more</Marker>" : ""}<DBSnapshots>${list}</DBSnapshots>`);
    });
    const { value } = await context.backups.read(aTarget());
    expect(value).toEqual({
      newestSnapshot: {
        id: "rds:new",
        at: "2026-11-20T03:00:00.000Z",
        type: "automated",
        status: "available",
      },
      restorableFrom: "2026-11-14T03:00:00.000Z",
      restorableTo: "2026-11-21T09:55:00.000Z",
    });
  });

  it("M5 of a cluster the cluster's snapshots are read", async () => {
    const { context, calls } = await withAnswers(({ action }) =>
      rdsAnswer(
        action,
        "<DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>rds:shop</DBClusterSnapshotIdentifier><SnapshotCreateTime>2026-11-21T03:00:00Z</SnapshotCreateTime><Status>available</Status></DBClusterSnapshot></DBClusterSnapshots>",
      ),
    );
    const { value } = await context.backups.read(aTarget({ clusterId: "shop", flavour: "aurora" }));
    expect(value?.newestSnapshot?.id).toBe("rds:shop");
    expect(calls.map(({ action }) => action)).toEqual(["DescribeDBClusterSnapshots"]);
  });
});

describe("CloudTrail", () => {
  const event = (name: string, more: object = {}) => ({
    EventName: name,
    EventTime: to / 1000 - 600,
    Username: "alice",
    ReadOnly: "false",
    ...more,
  });

  it("M7 lists calls that changed the database, by whom, refused ones too, without reads and passwords", async () => {
    const changed = {
      requestParameters: {
        dBInstanceIdentifier: "orders-db",
        dBInstanceClass: "db.m7g.xlarge",
        masterUserPassword: "x9",
      },
      responseElements: { dBInstanceClass: "db.m7g.4xlarge", engineVersion: "17.4", storageEncrypted: true },
    };
    const { context, calls } = await withAnswers(() =>
      jsonAnswer({
        Events: [
          event("ModifyDBInstance", { CloudTrailEvent: JSON.stringify(changed) }),
          event("RebootDBInstance", { CloudTrailEvent: JSON.stringify({ errorCode: "AccessDenied" }) }),
          event("DescribeDBInstances", { ReadOnly: "true" }),
          event("DeleteDBInstance", { CloudTrailEvent: "{cut" }),
        ],
      }),
    );
    const { value, missing } = await context.changes.read("orders-db", from, to);
    expect(missing).toEqual([]);
    expect(value?.map(({ what, by, error, detail }) => ({ what, by, error, detail }))).toEqual([
      {
        what: "ModifyDBInstance",
        by: "alice",
        error: null,
        detail: "dBInstanceIdentifier=orders-db, dBInstanceClass=db.m7g.xlarge",
      },
      { what: "RebootDBInstance", by: "alice", error: "AccessDenied", detail: null },
      { what: "DeleteDBInstance", by: "alice", error: null, detail: null },
    ]);
    expect(value?.map(({ before }) => before)).toEqual([
      { dBInstanceClass: "db.m7g.4xlarge" },
      undefined,
      undefined,
    ]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.parameters["LookupAttributes"]).toEqual([
      { AttributeKey: "ResourceName", AttributeValue: "orders-db" },
    ]);
  });

  it("M6 throttled, it is missing until the next look", async () => {
    const { context } = await withAnswers(() => jsonError("ThrottlingException", "Rate exceeded"));
    const { value, missing } = await context.changes.read("orders-db", from, to);
    expect(value).toBeNull();
    expect(missing[0]?.howToSee).toBe("it is asked again at the next look");
  });
});
