import {
  CreateDBInstanceReadReplicaCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  ModifyDBParameterGroupCommand,
  PromoteReadReplicaCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

const engines = [
  ["mysql", await mysqlAvailability()],
  ["mariadb", await mariadbAvailability()],
] as const;

for (const [engine, availability] of engines) {
  describeEngine(`L2 the lab's RDS over ${engine} with GTID replicas`, availability, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ engine, topology: "primary-replica" });
      await ask("orders-1", "create table numbers (number int primary key)");
      await ask("orders-1", "insert into numbers values (1)");
    });
    afterAll(() => lab?.stop());

    const ask = (id: string, sql: string) => askDatabase(lab.database(id), sql, engine);
    const rows = (id: string) => ask(id, "select count(*) as answer from numbers");
    const arrived = (id: string, count: string) =>
      waitUntil(async () => (await rows(id)) === count, {
        what: `${id} has ${count} rows`,
        timeoutMs: 20_000,
      });

    it("replicates, and the replica takes no writes", async () => {
      await arrived("orders-2", "1");
      await expect(ask("orders-2", "insert into numbers values (99)")).rejects.toThrow("read-only");
      const { DBInstances } = await clientOf(lab).send(new DescribeDBInstancesCommand({}));
      expect(DBInstances?.map((one) => one.EngineVersion)).toEqual([lab.version, lab.version]);
    });

    it("restarts both, each with its role, and a killed primary comes back", async () => {
      for (const id of ["orders-1", "orders-2"]) {
        await clientOf(lab).send(new RebootDBInstanceCommand({ DBInstanceIdentifier: id }));
      }
      await lab.settled();
      const { node } = lab.database("orders-1");
      node.signal("SIGKILL");
      await waitUntil(() => node.pid() === null, { what: "the primary is dead" });
      await node.start();
      await waitUntil(() => ask("orders-1", "insert into numbers values (2)").then(() => true), {
        what: "it writes",
      });
      await arrived("orders-2", "2");
    });

    it("puts a dynamic parameter in force at once and a static one at the reboot", async () => {
      const set = (
        ParameterName: string,
        ParameterValue: string,
        ApplyMethod: "immediate" | "pending-reboot",
      ) =>
        clientOf(lab).send(
          new ModifyDBParameterGroupCommand({
            DBParameterGroupName: "orders-parameters",
            Parameters: [{ ParameterName, ParameterValue, ApplyMethod }],
          }),
        );
      await set("long_query_time", "3", "immediate");
      await lab.settled();
      expect(Number(await ask("orders-2", "select @@global.long_query_time as answer"))).toBe(3);
      await expect(set("back_log", "90", "immediate")).rejects.toThrow("static");
      await set("back_log", "90", "pending-reboot");
      await lab.settled();
      expect(lab.database("orders-1").groupStatus).toBe("pending-reboot");
      await clientOf(lab).send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "orders-1" }));
      await lab.settled();
      expect(await ask("orders-1", "select @@global.back_log as answer")).toBe("90");
    });

    it("knows which of the usual parameters wait for a restart", async () => {
      const group = { DBParameterGroupName: "orders-parameters" };
      const { Parameters = [] } = await clientOf(lab).send(new DescribeDBParametersCommand(group));
      const kinds = new Map(Parameters.map(({ ParameterName, ApplyType }) => [ParameterName, ApplyType]));
      expect([kinds.get("max_connections"), kinds.get("back_log")]).toEqual(["dynamic", "static"]);
    });

    it("makes a replica of a running database", async () => {
      const made = { DBInstanceIdentifier: "orders-3", SourceDBInstanceIdentifier: "orders-1" };
      await clientOf(lab).send(new CreateDBInstanceReadReplicaCommand(made));
      await lab.settled();
      await arrived("orders-3", "2");
    });

    it("promotes the engine, which then takes writes and hears its source no more", async () => {
      await clientOf(lab).send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: "orders-2" }));
      await lab.settled();
      await ask("orders-2", "insert into numbers values (10)");
      await ask("orders-1", "insert into numbers values (3)");
      await arrived("orders-3", "3");
      expect(await ask("orders-2", "select count(*) as answer from numbers")).toBe("3");
      expect(await ask("orders-2", "select count(*) as answer from numbers where number = 3")).toBe("0");
    });
  });
}
