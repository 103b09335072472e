import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** An online build needs the table alone for a moment at its end; a reader came meanwhile and has not ended. */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An online index build is done and wants the table for a moment; a dashboard's transaction has read it and idles, everybody queues",
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const deploy = await oneMy(stage, "schema-deploy");
    await deploy.query(
      "CREATE TABLE parcel_events (depot char(4) NOT NULL, parcel varchar(22) NOT NULL, seq int unsigned NOT NULL, carrier varchar(20) NOT NULL, status varchar(20) NOT NULL, at datetime(3) NOT NULL, note varchar(120) NOT NULL, PRIMARY KEY (depot, parcel, seq))",
    );
    for (const depot of ["HAM1", "MUC2", "CGN3", "LEJ4"]) {
      await deploy.query(
        `INSERT INTO parcel_events SELECT '${depot}', CONCAT('JJD', LPAD(n, 12, '0')), 1, ELT(1 + n % 4, 'dhl', 'ups', 'gls', 'dpd'), ELT(1 + n % 5, 'in', 'sorted', 'out', 'door', 'done'), '2026-11-01' + INTERVAL n SECOND, SHA2(n, 256) FROM ${numbersTo(90_000)}`,
      );
    }
    await ordinaryWork(stage);
    const dashboard = await oneMy(stage, "metabase");
    await dashboard.query("SET autocommit = 0");
    const build = deploy.query(
      "ALTER TABLE parcel_events ADD INDEX by_carrier (carrier, status, at), ADD INDEX by_note (note), ADD INDEX by_parcel (parcel, at), ALGORITHM=INPLACE, LOCK=NONE",
    );
    stage.leave(build);
    await pause(400);
    await dashboard.query(
      "SELECT status, COUNT(*) FROM parcel_events WHERE depot = 'HAM1' AND parcel < 'JJD000000002000' GROUP BY status",
    );
    await myWaiting(stage, 1, 1);
    const clients = await stage.mySessions(stage.number(5, 8), "tracking-api");
    for (const [index, client] of clients.entries()) {
      stage.leave(
        index % 2 === 0
          ? client.query("SELECT status, at FROM parcel_events WHERE depot = 'MUC2' AND parcel = ?", [
              `JJD${String(index).padStart(12, "0")}`,
            ])
          : client.query("INSERT INTO parcel_events VALUES ('MUC2', ?, 2, 'dhl', 'door', NOW(3), '')", [
              `JJD${String(index).padStart(12, "0")}`,
            ]),
      );
    }
    await myWaiting(stage, clients.length + 1, 6);
    return { culprits: [idOf(deploy), idOf(dashboard)] };
  },
});
