import type { Target } from "../../../functions/core/contract/target.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import type { LabServer, MariadbServer, MysqlServer, PostgresServer } from "../engines/lab-server.ts";
import { closeAll, openSession } from "../engines/sql.ts";

export const responderPassword = "demo-only-password";

/** The lab's server as RDS would describe it. */
export function targetOf(server: LabServer, name: string): Target {
  return {
    schema: "target.v1",
    name,
    group: name,
    engine: server.engine,
    flavour: "rds",
    engineVersion: server.version,
    host: "127.0.0.1",
    port: server.port,
    database: server.database,
    role: "writer",
    clusterId: null,
    resourceId: `db-${name.toUpperCase()}`,
    instanceClass: "db.r7g.large",
    accountId: "123456789012",
    region: "eu-central-1",
    tags: {},
  };
}

/** The responder's own users, by exactly the script that `responder grants` prints, run by the master user. */
export async function createResponderUsers(server: LabServer): Promise<void> {
  for (const role of ["probe", "act"] as const) {
    const script = grantScript({ engine: server.engine, role, auth: "password" });
    await runAsMaster(server, script.replaceAll("choose-one", responderPassword));
  }
}

/** A table of orders, filled. */
export async function createOrders(server: LabServer): Promise<void> {
  const rows = Array.from({ length: 200 }, (_, index) => `(${index + 1}, 'new', ${index * 3})`).join(", ");
  await runAsMaster(
    server,
    `CREATE TABLE orders (id int PRIMARY KEY, status varchar(20) NOT NULL, total int NOT NULL);
     INSERT INTO orders VALUES ${rows};
     ${server.engine === "postgres" ? "GRANT ALL ON orders TO shop;" : ""}`,
  );
}

async function runAsMaster(server: LabServer, script: string): Promise<void> {
  if (isPostgres(server)) {
    const client = await openSession(server);
    await client.query(script);
    await closeAll([client]);
    return;
  }
  if (!isMysql(server)) throw new Error(`no demo on ${server.engine}`);
  const connection = await openSession(server);
  const statements = script.replaceAll(/^--.*$/gm, "").split(/;\s*(?:\n|$)/);
  for (const statement of statements.filter((text) => text.trim() !== "")) await connection.query(statement);
  await closeAll([connection]);
}

export function isPostgres(server: LabServer): server is PostgresServer {
  return server.engine === "postgres";
}

export function isMysql(server: LabServer): server is MysqlServer | MariadbServer {
  return server.engine !== "postgres";
}
