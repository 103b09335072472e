import type { Engine } from "../../engines/lab-server.ts";
import { mariadbProduct } from "../../engines/mariadb-server.ts";
import { mysqlProduct } from "../../engines/mysql-server.ts";
import type { PostgresMajor } from "../../engines/postgres-binaries.ts";
import type { EngineKind } from "./engine-node.ts";
import { mysqldKind } from "./mysqld-kind.ts";
import { type KindOptions, postgresKind } from "./postgres-kind.ts";

export async function engineKind(
  engine: Engine,
  major: PostgresMajor,
  options: KindOptions,
): Promise<EngineKind> {
  switch (engine) {
    case "postgres":
      return postgresKind(major, options);
    case "mysql":
      return mysqldKind(await mysqlProduct(), options);
    case "mariadb":
      return mysqldKind(await mariadbProduct(), options);
    default:
      return engine satisfies never;
  }
}
