import { type Connection, createConnection } from "mysql2/promise";
import { actorStatements } from "../../engines/actions/support.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { mysqlObjectScenes } from "./mysql-object-scenes.ts";
import { mysqlSessionScenes } from "./mysql-session-scenes.ts";
import type { World } from "./scene.ts";

const setUp = [
  "SET GLOBAL event_scheduler = OFF",
  "CREATE USER web@'%' IDENTIFIED BY 'web-lab'",
  "CREATE TABLE app.account (id INT PRIMARY KEY AUTO_INCREMENT, owner INT, note CHAR(80))",
  "INSERT INTO app.account (owner, note) WITH RECURSIVE n AS (SELECT 1 AS g UNION ALL SELECT g + 1 FROM n WHERE g < 1000) SELECT a.g, 'x' FROM n a JOIN n b ON b.g <= 10",
  "ANALYZE TABLE app.account",
  "CREATE TABLE app.paid (id INT PRIMARY KEY AUTO_INCREMENT)",
  "GRANT SELECT, INSERT, INDEX, ALTER ON app.account TO actor@'%'",
  "GRANT EVENT ON app.* TO actor@'%'",
  "GRANT EVENT, INSERT ON app.* TO shop@'%'",
  "CREATE DEFINER = shop@'%' EVENT app.tick ON SCHEDULE EVERY 1 DAY DO INSERT INTO app.paid VALUES ()",
];

const left =
  "SELECT CONCAT('session ', ID, ' ', COALESCE(INFO, '')) AS what FROM information_schema.PROCESSLIST WHERE USER = 'actor'";

/** MySQL or MariaDB with a scene for each action, and idle sessions enough for all of them. */
export async function mysqlWorld(start: () => Promise<MysqlServer | MariadbServer>): Promise<World> {
  const server = await start();
  await createLabUsers(server);
  const root = await createConnection({ uri: server.adminUrl });
  const definer = server.engine === "mariadb" ? "SET USER" : "SET_ANY_DEFINER";
  const rights = [...actorStatements(server.engine), ...setUp, `GRANT ${definer} ON *.* TO actor@'%'`];
  for (const sql of rights) await root.query(sql);
  const open: Connection[] = [root];
  const idle = { host: "127.0.0.1", port: server.port, user: "web", password: "web-lab" };
  for (let count = 0; count < 24; count += 1) open.push(await createConnection(idle));
  const rowsOf = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
    const [rows] = await root.query(sql);
    return Array.isArray(rows) ? JSON.parse(JSON.stringify(rows)) : [];
  };
  const stage = {
    server,
    ask: async (sql: string) => String(Object.values((await rowsOf(sql))[0] ?? {})[0] ?? ""),
    session: async (...statements: readonly string[]) => {
      const client = await openSession(server, { user: "shop" });
      open.push(client);
      for (const sql of statements) await client.query(sql);
      return client;
    },
  };
  return {
    server,
    scenes: { ...mysqlSessionScenes(stage), ...mysqlObjectScenes(stage) },
    left: async () => (await rowsOf(left)).map(({ what }) => String(what)),
    stop: async () => {
      await closeAll(open);
      await server.stopNow();
    },
  };
}
