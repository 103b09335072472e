import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The drop of an old child table waits for the table that it refers to, which a notebook has open, and the whole clinic waits behind the drop",
  thresholds: { slowQuerySeconds: 0.3, idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const desks = await stage.mySessions(stage.number(9, 13), "reception");
    const [notebook, cleaner, pharmacist] = await stage.mySessions(3, "backoffice");
    const [setup] = desks;
    await setup?.query(
      "CREATE TABLE patients (patient_no char(10) PRIMARY KEY, clinic smallint NOT NULL, full_name varchar(80) NOT NULL, born date NOT NULL, KEY by_clinic (clinic))",
    );
    await setup?.query(
      `INSERT INTO patients SELECT LPAD(n, 10, '0'), n % 12, CONCAT('Patient ', n), '1980-01-01' FROM ${numbersTo(4_000)}`,
    );
    await setup?.query(
      "CREATE TABLE visits_2019 (patient_no char(10) NOT NULL, visited_at datetime NOT NULL, note varchar(100), PRIMARY KEY (patient_no, visited_at), CONSTRAINT visits_2019_patient FOREIGN KEY (patient_no) REFERENCES patients (patient_no))",
    );
    await setup?.query(
      "INSERT INTO visits_2019 SELECT patient_no, '2019-05-01 10:00:00', 'check-up' FROM patients WHERE clinic < 6",
    );
    await setup?.query("CREATE TABLE stocks (drug varchar(30) PRIMARY KEY, packs int NOT NULL)");
    await setup?.query("INSERT INTO stocks VALUES ('aspirin', 40), ('insulin', 12), ('codeine', 3)");
    // Harmless: a pack that is being counted.
    await pharmacist?.query("START TRANSACTION");
    await pharmacist?.query("UPDATE stocks SET packs = 39 WHERE drug = 'aspirin'");
    await ordinaryWork(stage, 3);
    const watcher = await createConnection({ uri: stage.server.adminUrl });
    stage.cleanUp(async () => watcher.destroy());
    const culprits = [notebook?.threadId ?? 0, cleaner?.threadId ?? 0];
    await notebook?.query("SET autocommit = 0");
    await notebook?.query("SELECT clinic, COUNT(*) FROM patients GROUP BY clinic");
    await pause(3_000);
    if (cleaner !== undefined) stage.leave(cleaner.query("DROP TABLE visits_2019"));
    await pause(500);
    for (const [index, desk] of desks.entries()) {
      const number = 1 + ((index * 37) % 4_000);
      stage.leave(
        desk.query("SELECT full_name, born FROM patients WHERE patient_no = LPAD(?, 10, '0')", [number]),
      );
    }
    await waitUntil(
      async () => {
        const [[row]] = await watcher.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS waiting FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'",
        );
        return Number(row?.["waiting"]) >= desks.length;
      },
      { what: "the desks to wait", timeoutMs: 20_000 },
    );
    await pause(4_000);
    return { culprits };
  },
});
