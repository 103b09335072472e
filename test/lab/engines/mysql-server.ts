import type { MysqlServer } from "./lab-server.ts";
import { mysqlBinaries } from "./mysql-binaries.ts";
import { rdsMysql } from "./mysql-rds.ts";
import type { MysqldBinaries } from "./mysqld-binaries.ts";
import { mysqldArguments } from "./mysqld-process.ts";
import { type Product, type StartMysqldOptions, startFromTemplate } from "./mysqld-server.ts";
import { mysqldTemplate } from "./mysqld-template.ts";
import { runCommand } from "./run-command.ts";

export type { MysqlServer } from "./lab-server.ts";

/** `loose-`: older versions do not know the name. Debian's build would insist on a folder only its package makes. */
const common = {
  mysqlx: "OFF",
  "secure-file-priv": "NULL",
  "innodb-doublewrite": "OFF",
  "loose-innodb-redo-log-capacity": "8388608",
  "innodb-buffer-pool-size": "67108864",
} as const;

const serving = {
  ...common,
  "log-bin": "binlog",
  "relay-log": "relaylog",
  "gtid-mode": "ON",
  "enforce-gtid-consistency": "ON",
  "sync-binlog": "0",
  "innodb-flush-log-at-trx-commit": "2",
  "performance-schema": "ON",
  "log-output": "TABLE",
  "activate-all-roles-on-login": "ON",
} as const;

const templating = { ...common, "disable-log-bin": "ON" } as const;

const initializing = "--initialize-insecure";

/** A real MySQL, with a GTID replica when asked. Rejects when no mysqld can be had. */
export async function startMysql(options: StartMysqldOptions = {}): Promise<MysqlServer> {
  return startFromTemplate(await mysqlProduct(), options);
}

/** All that a server of it starts from. */
export async function mysqlProduct(): Promise<Product<"mysql">> {
  const binaries = await mysqlBinaries();
  const template = await mysqlTemplate(binaries);
  return { engine: "mysql", binaries, template, settings: serving };
}

export function mysqlTemplate(binaries: MysqldBinaries): Promise<string> {
  return mysqldTemplate({
    engine: "mysql",
    binaries,
    settings: templating,
    initialize: async (dataDir) => {
      const args = [...mysqldArguments(binaries, dataDir, templating), initializing];
      await runCommand(binaries.command, args, { env: { ...process.env, ...binaries.env } });
    },
    seed: [initializing],
    statements: rdsMysql(binaries.version),
  });
}
