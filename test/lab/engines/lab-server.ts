/** A real database server on 127.0.0.1, shaped like an RDS instance and thrown away after use. */

export type Engine = "postgres" | "mysql" | "mariadb";

/** One mysqld, mariadbd or postmaster process. */
export interface LabNode {
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly logFile: string;
  /** Signs in to database `app` as `admin`, the RDS master user: no superuser, no CONNECTION_ADMIN. */
  readonly masterUrl: string;
  /** Signs in to database `app` as `rdsadmin`, which on RDS belongs to AWS. For setting up faults only. */
  readonly adminUrl: string;
  /** Stops the process; on the primary this also stops its replicas and deletes every file. */
  stop(): Promise<void>;
}

export interface LabServer<E extends Engine = Engine> extends LabNode {
  readonly engine: E;
  /** As the binary says it, for example `17.10` or `10.11.19-MariaDB`. */
  readonly version: string;
  /** Where the binaries come from, for people: `npm pg17-linux-x64`, `MYSQLD`, `Debian packages`. */
  readonly source: string;
  readonly database: "app";
  /** Streaming, in the order they were started. */
  readonly replicas: readonly LabNode[];
  /** Everything at once, without a checkpoint: what a crash looks like from outside. */
  stopNow(): Promise<void>;
}

export type PostgresServer = LabServer<"postgres">;
export type MysqlServer = LabServer<"mysql">;
export type MariadbServer = LabServer<"mariadb">;

export const labPasswords = {
  rdsadmin: "rdsadmin-lab",
  rdsrepladmin: "rdsrepladmin-lab",
  admin: "admin-lab",
  shop: "shop-lab",
} as const;

export type LabUser = keyof typeof labPasswords;

export function labUrl(engine: Engine, port: number, user: LabUser, database = "app"): string {
  const scheme = engine === "postgres" ? "postgres" : "mysql";
  return `${scheme}://${user}:${labPasswords[user]}@127.0.0.1:${port}/${database}`;
}
