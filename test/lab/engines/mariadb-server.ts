import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MariadbServer } from "./lab-server.ts";
import { mariadbBinaries } from "./mariadb-binaries.ts";
import { rdsMariadb } from "./mysql-rds.ts";
import type { MysqldBinaries } from "./mysqld-binaries.ts";
import { mysqldArguments } from "./mysqld-process.ts";
import { type Product, type StartMysqldOptions, startFromTemplate } from "./mysqld-server.ts";
import { mysqldTemplate } from "./mysqld-template.ts";
import { runCommand } from "./run-command.ts";

export type { MariadbServer } from "./lab-server.ts";

const common = {
  "innodb-log-file-size": "16777216",
  "innodb-buffer-pool-size": "67108864",
  "innodb-doublewrite": "0",
} as const;

const serving = {
  ...common,
  "log-bin": "binlog",
  "relay-log": "relaylog",
  "log-slave-updates": "ON",
  "sync-binlog": "0",
  "innodb-flush-log-at-trx-commit": "2",
  "performance-schema": "ON",
  // Off by default, and without it nobody can tell who holds a metadata lock.
  "performance-schema-instrument": "wait/lock/metadata/sql/mdl=ON",
  "log-output": "TABLE",
} as const;

/** What mariadb-install-db feeds to the server, without its shell script and without the help tables. */
const bootstrapFiles = [
  "mysql_system_tables.sql",
  "mysql_performance_tables.sql",
  "mysql_system_tables_data.sql",
  "maria_add_gis_sp_bootstrap.sql",
  "mysql_sys_schema.sql",
] as const;

/** A real MariaDB, with a GTID replica when asked. Rejects when no mariadbd can be had. */
export async function startMariadb(options: StartMysqldOptions = {}): Promise<MariadbServer> {
  return startFromTemplate(await mariadbProduct(), options);
}

/** All that a server of it starts from. */
export async function mariadbProduct(): Promise<Product<"mariadb">> {
  const binaries = await mariadbBinaries();
  const template = await mariadbTemplate(binaries);
  return { engine: "mariadb", binaries, template, settings: serving };
}

export function mariadbTemplate(binaries: MysqldBinaries): Promise<string> {
  return mysqldTemplate({
    engine: "mariadb",
    binaries,
    settings: common,
    initialize: async (dataDir) => {
      mkdirSync(dataDir, { mode: 0o700 });
      const opening = "create database mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n";
      const files = bootstrapFiles.map((name) => readFileSync(join(binaries.shareDir, name), "utf8"));
      await runCommand(binaries.command, [...mysqldArguments(binaries, dataDir, common), "--bootstrap"], {
        input: opening + files.join("\n"),
        env: { ...process.env, ...binaries.env },
      });
    },
    seed: bootstrapFiles,
    statements: rdsMariadb(),
  });
}
