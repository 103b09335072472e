import { type Connection, createConnection } from "mysql2/promise";
import { Client } from "pg";
import {
  type LabServer,
  type LabUser,
  labPasswords,
  labUrl,
  type MariadbServer,
  type MysqlServer,
  type PostgresServer,
} from "./lab-server.ts";

export { waitUntil } from "./wait-until.ts";

export interface SessionOptions {
  /** `admin` when not told; `shop` exists after createLabUsers. */
  readonly user?: LabUser;
  /** `application_name` in PostgreSQL, the `program_name` connection attribute in MySQL and MariaDB. */
  readonly applicationName?: string;
  /** Of PostgreSQL; `app` when not told. */
  readonly database?: string;
}

/** Opens `count` connections of their own, not a pool. They survive being killed: a test finds out by its next query. */
export function openSessions(
  server: PostgresServer,
  count: number,
  options?: SessionOptions,
): Promise<Client[]>;
export function openSessions(
  server: MysqlServer | MariadbServer,
  count: number,
  options?: SessionOptions,
): Promise<Connection[]>;
export async function openSessions(
  server: LabServer,
  count: number,
  options: SessionOptions = {},
): Promise<Client[] | Connection[]> {
  const url = urlOf(server, options);
  const name = options.applicationName ?? "lab";
  return server.engine === "postgres"
    ? inBatches(count, () => openPostgres(url, name))
    : inBatches(count, () => openMysql(url, name));
}

function urlOf(server: LabServer, { user = "admin", database }: SessionOptions): string {
  const url = new URL(labUrl(server.engine, server.port, user));
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

export function openSession(server: PostgresServer, options?: SessionOptions): Promise<Client>;
export function openSession(
  server: MysqlServer | MariadbServer,
  options?: SessionOptions,
): Promise<Connection>;
export function openSession(server: LabServer, options: SessionOptions = {}): Promise<Client | Connection> {
  const url = urlOf(server, options);
  const name = options.applicationName ?? "lab";
  return server.engine === "postgres" ? openPostgres(url, name) : openMysql(url, name);
}

/** Also ends sessions that hang in a lock wait or were killed; never rejects. */
export async function closeAll(sessions: readonly (Client | Connection)[]): Promise<void> {
  await Promise.all(
    sessions.map((session) =>
      (session instanceof Client ? session.end() : closeMysql(session)).catch(() => undefined),
    ),
  );
}

/** Creates `shop`, an application's user: everything in database app, nothing outside. May be called again. */
export async function createLabUsers(server: LabServer): Promise<void> {
  if (server.engine === "postgres") {
    const client = await openPostgres(server.adminUrl, "lab setup");
    try {
      await client.query(postgresShop);
    } finally {
      await client.end();
    }
    return;
  }
  const connection = await openMysql(server.adminUrl, "lab setup");
  try {
    await connection.query(`CREATE USER IF NOT EXISTS shop@'%' IDENTIFIED BY '${labPasswords.shop}'`);
    await connection.query("GRANT ALL PRIVILEGES ON app.* TO shop@'%'");
  } finally {
    await connection.end();
  }
}

const postgresShop = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'shop') then
      create role shop login password '${labPasswords.shop}';
    end if;
  end $$;
  grant all on database app to shop;
  grant all on schema public to shop;
  grant all on all tables in schema public to shop;
  grant all on all sequences in schema public to shop;
  alter default privileges for role admin, rdsadmin in schema public grant all on tables to shop;
  alter default privileges for role admin, rdsadmin in schema public grant all on sequences to shop;
`;

/** Hundreds of logins at once would overrun the listen queue and the password hashing of a small machine. */
async function inBatches<T>(count: number, open: () => Promise<T>): Promise<T[]> {
  const opened: T[] = [];
  while (opened.length < count) {
    const size = Math.min(25, count - opened.length);
    opened.push(...(await Promise.all(Array.from({ length: size }, open))));
  }
  return opened;
}

async function openPostgres(url: string, name: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: name });
  // Being terminated is what many of these sessions are for; unheard, the event would end the test run.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function openMysql(uri: string, name: string): Promise<Connection> {
  const connection = await createConnection({ uri, connectAttributes: { program_name: name } });
  connection.on("error", () => undefined);
  return connection;
}

/** `end` queues behind a running statement, which may wait for a lock for ever. */
async function closeMysql(connection: Connection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 300);
  });
  await Promise.race([connection.end(), patience]);
  clearTimeout(timer);
  connection.destroy();
}
