import type { Connection } from "mysql2/promise";
import { targetIn } from "../../engines/actions/support.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { type Ask, counted, type Scenes } from "./scene.ts";

export interface MysqlStage {
  readonly server: MysqlServer | MariadbServer;
  readonly ask: Ask;
  /** Of an application; stays open when the scene is over. */
  session(...statements: readonly string[]): Promise<Connection>;
}

const idles = "FROM information_schema.PROCESSLIST WHERE USER = 'web' AND COMMAND = 'Sleep'";
const lists = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID =";

export function mysqlSessionScenes({ server, ask, session }: MysqlStage): Scenes {
  let victim = 0;
  let rows = 1;
  const became = (client: Connection): Connection => {
    victim = client.threadId ?? 0;
    return client;
  };
  const terminates = /^CALL mysql\.rds_kill\(/;
  return {
    "terminate-session": {
      acting: terminates,
      prepare: async () => {
        became(await session("BEGIN", `UPDATE app.account SET note = 'x' WHERE id = ${rows++}`));
        return targetIn(server, victim, "idle-in-transaction");
      },
      done: async () => 1 - Number(await ask(`${lists} ${victim}`)),
    },
    "cancel-query": {
      acting: /^CALL mysql\.rds_kill_query/,
      prepare: async () => {
        became(await session())
          .query("SELECT SLEEP(80)")
          .catch(() => undefined);
        return targetIn(server, victim, "active");
      },
      done: async () => 1 - Number(await ask(`${lists} ${victim} AND INFO = 'SELECT SLEEP(80)'`)),
    },
    "end-idle-sessions": {
      ...{ acting: terminates, noTrace: true },
      ...counted(ask, `SELECT COUNT(*) ${idles}`, -1, async () => {
        const old = async () => Number(await ask(`SELECT COUNT(*) ${idles} AND TIME >= 3`)) > 0;
        await waitUntil(old, { what: "one has idled for long enough", everyMs: 150 });
        const application = (await ask(program)) || null;
        return { user: "web", application, state: "idle", overSeconds: 1, most: 1 };
      }),
    },
    "finish-prepared-transaction": {
      ...{ acting: /^XA COMMIT/, noTrace: true },
      ...counted(ask, "SELECT COUNT(*) FROM app.paid", 1, async () => {
        const gid = `'paid-${rows++}'`;
        const insert = [`XA START ${gid}`, "INSERT INTO app.paid VALUES ()", `XA END ${gid}`];
        await (await session(...insert, `XA PREPARE ${gid}`)).end();
        return { gid, decision: "commit", prepared: null };
      }),
    },
  };
}

/** As the server knows the name of these clients. */
const program = `SELECT MAX(c.ATTR_VALUE) FROM performance_schema.session_connect_attrs c
JOIN information_schema.PROCESSLIST p ON p.ID = c.PROCESSLIST_ID WHERE p.USER = 'web' AND c.ATTR_NAME = 'program_name'`;
