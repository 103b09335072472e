import { makeTable, onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration has altered a table and sends its next statement in a moment: twelve clients wait for a second",
  majors: [17],
  patience: "whoever is ended now loses a release; a second is no harm that calls for it",
  make: async (stage) => {
    const table = stage.table();
    const migration = await onePg(stage, "migrations");
    const clients = await stage.pgSessions(stage.number(12, 16), stage.application());
    await makeTable(migration, table);
    await migration.query("BEGIN");
    await migration.query(`ALTER TABLE ${table} ADD COLUMN remark text`);
    for (const client of clients) stage.leave(client.query(`SELECT n FROM ${table} WHERE id = 3`));
    await pgWaiting(stage, clients.length, 1);
    return { culprits: [] };
  },
});
