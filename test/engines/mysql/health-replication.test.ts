import type { Connection } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mariadbReplication } from "../../../functions/core/probes/mysql/replication/mariadb-replication.ts";
import { mysqlReplicationReplicas } from "../../../functions/core/probes/mysql/replication/replicas.ts";
import { mysqlReplication } from "../../../functions/core/probes/mysql/replication/replication.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { labPasswords } from "../../lab/engines/lab-server.ts";
import { closeAll } from "../../lab/engines/sql.ts";
import {
  connected,
  openAdmin,
  products,
  rowsOf,
  type Server,
  systemClock,
  targetOf,
  waitFor,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`replication of ${engine}`, availability, () => {
    let server: Server;
    let source: Connection;
    let replica: Connection;
    let session: SqlSession;
    const probe = engine === "mysql" ? mysqlReplication : mariadbReplication;
    const word = engine === "mysql" ? "REPLICA" : "SLAVE";
    const look = async () => (await rowsOf(session, server, probe))[0];

    beforeAll(async () => {
      server = await start({ replicas: 1 });
      const node = server.replicas[0];
      if (node === undefined) throw new Error("no replica");
      source = await openAdmin(server);
      replica = await createConnection({ uri: node.adminUrl });
      await source.query("CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(40))");
      const login = { user: "rdsadmin", password: labPasswords.rdsadmin, iam: false };
      session = await connected(
        targetOf({ engine, port: node.port }),
        {},
        { credentials: async () => login },
      );
      await waitFor(async () => (await look())?.unappliedTransactions === 0, "the replica is level");
    });
    afterAll(async () => {
      await session?.close();
      await closeAll([source, replica].filter((one) => one !== undefined));
      await server?.stop();
    });

    it("P31 says that it runs, and the source sees it connected", async () => {
      await waitFor(async () => (await look())?.lagSeconds === 0, "no lag is left");
      expect(await look()).toMatchObject({
        receiver: "running",
        applier: "running",
        lagSeconds: 0,
        errors: [],
      });
      const login = { user: "rdsadmin", password: labPasswords.rdsadmin, iam: false };
      const there = await connected(targetOf(server), {}, { credentials: async () => login });
      const rows = await rowsOf(there, server, mysqlReplicationReplicas);
      await there.close();
      expect(rows).toMatchObject([{ user: "rdsrepladmin", client: "localhost", everythingSent: true }]);
    });

    it("P31 counts what is fetched and not applied; the lag of a stopped applier is unknown", async () => {
      await replica.query(`STOP ${word} SQL_THREAD`);
      for (let id = 1; id <= 7; id += 1) await source.query("INSERT INTO app.t VALUES (?, 'x')", [id]);
      await waitFor(async () => (await look())?.unappliedTransactions === 7, "seven wait to be applied");
      expect(await look()).toMatchObject({ applier: "stopped", lagSeconds: null, receiver: "running" });
      await replica.query(`START ${word} SQL_THREAD`);
      await waitFor(async () => (await look())?.unappliedTransactions === 0, "all are applied");
    });

    it("P31 tells the error by its number, and no value of the row", async () => {
      await replica.query("SET sql_log_bin = 0");
      await replica.query("INSERT INTO app.t VALUES (100, 'theirs')");
      await source.query("INSERT INTO app.t VALUES (100, 'a secret')");
      await waitFor(async () => (await look())?.applier === "stopped", "the applier stops");
      const row = await look();
      expect(row?.errors.map(({ number }) => number)).toContain(1062);
      expect(row?.lagSeconds).toBeNull();
      expect(JSON.stringify(row)).not.toContain("a secret");
      await replica.query("DELETE FROM app.t WHERE id = 100");
      await replica.query(`START ${word} SQL_THREAD`);
      await waitFor(async () => (await look())?.unappliedTransactions === 0, "it goes on");
    });

    it.runIf(engine === "mysql")(
      "P31 names the table that a worker has opened, and none at rest",
      async () => {
        await source.query("INSERT INTO app.t VALUES (300, 'new')");
        await waitFor(async () => (await look())?.unappliedTransactions === 0, "it is level");
        expect((await look())?.applyingTables).toEqual([]);
        await replica.query("BEGIN");
        await replica.query("SELECT * FROM app.t WHERE id = 300 FOR UPDATE");
        await source.query("UPDATE app.t SET v = 'changed' WHERE id = 300");
        await waitFor(
          async () => (await look())?.applyingTables?.includes("app.t") ?? false,
          "it waits in app.t",
        );
        await replica.query("ROLLBACK");
        await waitFor(async () => (await look())?.unappliedTransactions === 0, "it goes on");
      },
    );

    it("P31 says that a delay is meant", async () => {
      await replica.query(`STOP ${word}`);
      const change =
        engine === "mysql"
          ? "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 600"
          : "CHANGE MASTER TO MASTER_DELAY = 600";
      await replica.query(change);
      await replica.query(`START ${word}`);
      await source.query("INSERT INTO app.t VALUES (200, 'late')");
      await waitFor(async () => ((await look())?.lagSeconds ?? 0) >= 1, "it falls behind");
      expect(await look()).toMatchObject({
        intendedDelaySeconds: 600,
        lagBeyondDelaySeconds: 0,
        applier: "running",
      });
    });

    it("P31 as RDS lets its master user ask; plain SHOW is skipped with the grant", async () => {
      const port = server.replicas[0]?.port ?? 0;
      const own = await connected(targetOf({ engine, port }));
      const rds = targetOf({ engine, port }, { flavour: "rds" });
      const context = { target: rds, server: own.server, settings: defaultSettings };
      const [there] = await runProbes(own, [probe], context, systemClock);
      const [plain] = await runProbes(
        own,
        [probe],
        { ...context, target: targetOf({ engine, port }) },
        systemClock,
      );
      await own.close();
      expect(there).toMatchObject({ status: "ok", rowCount: 1 });
      if (engine === "mariadb") {
        expect(plain?.status).toBe("skipped");
        expect(plain?.howToSee).toContain("GRANT SLAVE MONITOR");
      }
    });
  });
}
