import { chmodSync, chownSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createOrders, createResponderUsers } from "../demo/database.ts";
import { mysqlAvailability } from "../engines/available.ts";
import type { LabServer } from "../engines/lab-server.ts";
import { startMariadb } from "../engines/mariadb-server.ts";
import { startMysql } from "../engines/mysql-server.ts";
import type { StartMysqldOptions } from "../engines/mysqld-server.ts";
import { startPostgres } from "../engines/postgres-server.ts";
import { runCommand } from "../engines/run-command.ts";
import { serverIdentity } from "../engines/server-identity.ts";
import { createLabUsers } from "../engines/sql.ts";

export interface LabDatabases {
  /** The servers in the order of `kinds`. */
  at(index: number): LabServer;
  /** PEM of the authority that signed the servers' certificate. */
  readonly authority: string;
  stop(): Promise<void>;
}

const kinds = [17, 14, "mysql"] as const;
type Kind = (typeof kinds)[number];

interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/**
 * Two PostgreSQL of different majors and a MySQL, with TLS, a table of orders and the responder's two users. Their
 * certificate lies in `directory`.
 */
export async function startDatabases(python: string, directory: string): Promise<LabDatabases> {
  const made = await makeCertificate(python, directory);
  const starts = await Promise.allSettled(kinds.map((kind) => startWithTls(made, kind)));
  const servers = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const failed = starts.find((start) => start.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const at = (index: number): LabServer => {
    const server = servers[index];
    if (server === undefined) throw new Error(`there are ${servers.length} databases`);
    return server;
  };
  return { at, authority: made.authority, stop };
}

async function startWithTls({ certificate, key }: Certificate, kind: Kind): Promise<LabServer> {
  const server =
    kind === "mysql"
      ? await startMysqlOrMariadb({ settings: { "ssl-cert": certificate, "ssl-key": key } })
      : await startPostgres({
          major: kind,
          settings: { ssl: "on", ssl_cert_file: certificate, ssl_key_file: key },
        });
  await createLabUsers(server);
  await createOrders(server);
  await createResponderUsers(server);
  return server;
}

/** MySQL cannot be had everywhere; what the responder does about a held row is the same on both. */
async function startMysqlOrMariadb(options: StartMysqldOptions): Promise<LabServer> {
  return (await mysqlAvailability()).ok ? startMysql(options) : startMariadb(options);
}

/** PostgreSQL takes a key of its own user only, and one that nobody else can read. */
async function makeCertificate(python: string, directory: string): Promise<Certificate> {
  await runCommand(python, [join(import.meta.dirname, "endpoint/certificates.py"), directory]);
  const key = join(directory, "server.key");
  const owner = serverIdentity();
  if (owner !== undefined) chownSync(key, owner.uid, owner.gid);
  chmodSync(key, 0o600);
  return {
    certificate: join(directory, "server.pem"),
    key,
    authority: readFileSync(join(directory, "ca.pem"), "utf8"),
  };
}
