import { makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An online schema change cuts over: LOCK TABLES and a waiting RENAME for three seconds, as it should be",
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, "gh-ost");
    const renamer = await oneMy(stage, "gh-ost");
    const clients = await stage.mySessions(stage.number(12, 16), stage.application());
    await makeTable(holder, table);
    await holder.query(`CREATE TABLE _${table}_gho LIKE ${table}`);
    await holder.query(`CREATE TABLE _${table}_del (id int PRIMARY KEY) COMMENT 'ghost-cut-over-sentry'`);
    await holder.query(`LOCK /* gh-ost */ TABLES ${table} WRITE, _${table}_del WRITE`);
    for (const client of clients) stage.leave(client.query(`UPDATE ${table} SET n = n + 1 WHERE id = 3`));
    stage.leave(
      renamer.query(`RENAME /* gh-ost */ TABLE ${table} TO _${table}_del, _${table}_gho TO ${table}`),
    );
    await myWaiting(stage, clients.length + 1, 1);
    // Whoever is ended now has the change begin anew; nobody is to blame.
    return { culprits: [] };
  },
});
