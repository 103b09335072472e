import { createConnection, type RowDataPacket } from "mysql2/promise";
import { Client } from "pg";
import { type Engine, type LabUser, labPasswords } from "../engines/lab-server.ts";

/** One connection of somebody who is not the responder. */
export interface Session {
  run(sql: string, patienceMs?: number): Promise<Record<string, unknown>[]>;
  /** At once and without a word, as a client does whose patience is over. */
  drop(): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

const usualMs = 2000;

export function openSession(
  engine: Engine,
  address: Address,
  user: LabUser,
  database = "app",
): Promise<Session> {
  return engine === "postgres"
    ? openPostgres(address, user, database)
    : openMysql(address, user, engine === "mysql" || engine === "mariadb" ? database : "");
}

async function openPostgres({ host, port }: Address, user: LabUser, database: string): Promise<Session> {
  const client = new Client({
    ...{ host, port, user, database, password: labPasswords[user] },
    connectionTimeoutMillis: usualMs,
  });
  // Its end is heard of by whoever uses it next.
  client.on("error", () => undefined);
  await client.connect();
  return {
    run: async (text, patienceMs = usualMs) =>
      (await client.query<Record<string, unknown>>(patient(text, patienceMs))).rows,
    drop: () => void client.end().catch(() => undefined),
  };
}

/** Each statement with its own patience, which the types of pg know of a client alone. */
function patient(text: string, patienceMs: number) {
  return { text, query_timeout: patienceMs };
}

async function openMysql({ host, port }: Address, user: LabUser, database: string): Promise<Session> {
  const connection = await createConnection({
    ...{ host, port, user, database, password: labPasswords[user] },
    ...{ connectTimeout: usualMs, multipleStatements: user === "rdsadmin" },
  });
  connection.on("error", () => undefined);
  return {
    run: async (sql, patienceMs = usualMs) => {
      const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: patienceMs });
      return Array.isArray(rows) ? rows : [];
    },
    drop: () => connection.destroy(),
  };
}

/** One use of a session that is not kept. */
export async function once(
  engine: Engine,
  address: Address,
  user: LabUser,
  statements: readonly string[],
  database = "app",
): Promise<Record<string, unknown>[]> {
  const session = await openSession(engine, address, user, database);
  try {
    let rows: Record<string, unknown>[] = [];
    for (const sql of statements) rows = await session.run(sql);
    return rows;
  } finally {
    session.drop();
  }
}
