import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { Engine } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

const create = "create table numbers (number int primary key)";
const count = "select count(*) as answer from numbers";

function multiAz(engine: Engine): void {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine, topology: "multi-az" });
    await ask(create);
  });
  afterAll(() => lab?.stop());

  const database = () => lab.database("orders-1");
  const ask = (sql: string) => askDatabase(database(), sql, engine);
  const failOver = async () => {
    await clientOf(lab).send(
      new RebootDBInstanceCommand({ DBInstanceIdentifier: "orders-1", ForceFailover: true }),
    );
    await lab.settled();
    expect(lab.ledger().filter(({ what }) => what === "failed")).toEqual([]);
  };

  it("brings the standby in: same address, other data directory, every row", async () => {
    await ask("insert into numbers values (1)");
    const { dataDir } = database().node;
    await failOver();
    expect(database().node.dataDir).not.toBe(dataDir);
    await ask("insert into numbers values (2)");
    expect(await ask(count)).toBe("2");
  });

  it("loses nothing that a frozen engine had acknowledged, and has a standby again", async () => {
    await ask("insert into numbers values (3)");
    const { node } = database();
    node.signal("SIGSTOP");
    await failOver();
    expect(node.pid()).toBeNull();
    expect(await ask(count)).toBe("3");
    await failOver();
    expect(await ask(count)).toBe("3");
  });
}

function aurora(engine: Engine): void {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine, topology: "aurora", replicas: 2 });
    await askDatabase(lab.database("orders-1"), create, engine);
  });
  afterAll(() => lab?.stop());

  const cluster = async () => {
    const { DBClusters } = await clientOf(lab).send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: "orders" }),
    );
    return DBClusters?.[0];
  };
  const writer = async () =>
    (await cluster())?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  const atCluster = async (sql: string) => {
    const { Endpoint: host = "", Port: port = 0 } = (await cluster()) ?? {};
    return askDatabase({ endpoint: { name: "cluster", host, port } }, sql, engine);
  };
  const failOver = async (TargetDBInstanceIdentifier?: string) => {
    const input = { DBClusterIdentifier: "orders" };
    await clientOf(lab).send(
      new FailoverDBClusterCommand(
        TargetDBInstanceIdentifier === undefined ? input : { ...input, TargetDBInstanceIdentifier },
      ),
    );
    expect((await cluster())?.Status).toBe("failing-over");
    await lab.settled();
    expect(lab.ledger().filter(({ what }) => what === "failed")).toEqual([]);
  };
  const everybodyHas = async (rows: string) => {
    for (const database of lab.databases()) {
      await waitUntil(async () => (await askDatabase(database, count, engine)) === rows, {
        what: `${database.id} has ${rows} rows`,
        timeoutMs: 20_000,
      });
    }
  };

  it("swaps writer and reader: the cluster's address leads to the new one, the old one follows", async () => {
    await atCluster("insert into numbers values (1)");
    expect(await writer()).toBe("orders-1");
    await failOver("orders-3");
    expect(await writer()).toBe("orders-3");
    await atCluster("insert into numbers values (2)");
    await everybodyHas("2");
    await expect(
      askDatabase(lab.database("orders-1"), "insert into numbers values (9)", engine),
    ).rejects.toThrow("read-only");
  });

  it("loses nothing that a killed writer had acknowledged", async () => {
    const { node } = lab.database("orders-3");
    await atCluster("insert into numbers values (3)");
    node.signal("SIGKILL");
    await waitUntil(() => node.pid() === null, { what: "the writer is dead" });
    await failOver();
    expect(await writer()).not.toBe("orders-3");
    await atCluster("insert into numbers values (4)");
    await everybodyHas("4");
  });

  it("refuses a target that is the writer, and asks the readers at their own address", async () => {
    const call = new FailoverDBClusterCommand({
      DBClusterIdentifier: "orders",
      TargetDBInstanceIdentifier: (await writer()) ?? "",
    });
    await expect(clientOf(lab).send(call)).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    const { ReaderEndpoint: host = "", Port: port = 0 } = (await cluster()) ?? {};
    expect(await askDatabase({ endpoint: { name: "readers", host, port } }, count, engine)).toBe("4");
  });
}

describe("L2 Multi-AZ over PostgreSQL", () => multiAz("postgres"));
describe("L2 Aurora over PostgreSQL", () => aurora("postgres"));
describeEngine("L2 Multi-AZ over MariaDB", await mariadbAvailability(), () => multiAz("mariadb"));
describeEngine("L2 Aurora over MariaDB", await mariadbAvailability(), () => aurora("mariadb"));
describeEngine("L2 Aurora over MySQL", await mysqlAvailability(), () => aurora("mysql"));
describeEngine("L2 Multi-AZ over MySQL", await mysqlAvailability(), () => multiAz("mysql"));

it("L2 an instance of a cluster says which cluster it is in", async () => {
  const lab = await startLab({ engine: "postgres", topology: "aurora", replicas: 0 });
  try {
    const { DBInstances } = await clientOf(lab).send(new DescribeDBInstancesCommand({}));
    expect(DBInstances).toMatchObject([{ DBClusterIdentifier: "orders", Engine: "aurora-postgresql" }]);
  } finally {
    await lab.stop();
  }
});
