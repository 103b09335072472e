import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { openSession } from "../../lab/engines/sql.ts";
import { myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A copy script took FLUSH TABLES … WITH READ LOCK on two tables and waits for its upload: it is asleep, in no transaction, and all who write there wait",
  thresholds: { idleInTransactionSeconds: 5, longRunningSeconds: 6 },
  make: async (stage) => {
    const setup = await oneMy(stage, "schema-tool");
    await setup.query(
      "CREATE TABLE consignments (consignment_no int unsigned NOT NULL, depot char(3) NOT NULL, weight int NOT NULL, PRIMARY KEY (consignment_no))",
    );
    await setup.query(
      "CREATE TABLE consignment_labels (consignment_no int unsigned NOT NULL PRIMARY KEY, zpl text)",
    );
    const rows = Array.from({ length: 500 }, (_, index) => `(${index + 1}, 'D0${index % 9}', ${index % 70})`);
    await setup.query(`INSERT INTO consignments VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage, 3);
    const dba = await openSession(stage.mysql());
    await dba.query("CREATE USER file_copy@'%' IDENTIFIED BY 'file-copy-lab'");
    await dba.query("GRANT RELOAD ON *.* TO file_copy@'%'");
    await dba.query("GRANT SELECT, LOCK TABLES ON app.* TO file_copy@'%'");
    await dba.end();
    const url = new URL(labUrl("mariadb", stage.server.port, "shop"));
    url.username = "file_copy";
    url.password = "file-copy-lab";
    const copy = await createConnection({
      uri: url.href,
      connectAttributes: { program_name: "warehouse-copy" },
    });
    copy.on("error", () => undefined);
    stage.cleanUp(async () => copy.destroy());
    await copy.query("FLUSH TABLES consignments, consignment_labels WITH READ LOCK");
    await copy.query("SELECT COUNT(*) FROM consignments");
    const scanners = await stage.mySessions(stage.number(6, 9), "depot-scanner");
    // Readers still come through, which is what makes it look like a slow update.
    await scanners[0]?.query("SELECT weight FROM consignments WHERE consignment_no = 17");
    scanners.forEach((scanner, index) => {
      stage.leave(
        index % 2 === 0
          ? scanner.query(`UPDATE consignments SET weight = weight + 1 WHERE consignment_no = ${20 + index}`)
          : scanner.query(`INSERT INTO consignment_labels VALUES (${9000 + index}, '^XA^XZ')`),
      );
    });
    await myWaiting(stage, scanners.length, stage.number(10, 12));
    return { culprits: [copy.threadId ?? 0] };
  },
});
