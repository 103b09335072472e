import type { Engine } from "./lab-server.ts";
import { mariadbBinaries } from "./mariadb-binaries.ts";
import { mysqlBinaries } from "./mysql-binaries.ts";
import { type PostgresMajor, postgresBinaries, postgresMajors } from "./postgres-binaries.ts";

export interface Availability {
  readonly engine: Engine;
  /** `17`, `9.7`, `10.11`; for MySQL and MariaDB empty when there is none. */
  readonly major: string;
  readonly ok: boolean;
  /** Version and source when it is there, everything that was tried when it is not. */
  readonly reason: string;
}

/** PostgreSQL 14 to 18, MySQL, MariaDB, in this order. On a fresh machine this downloads; `prepare.ts` does it beforehand. */
export async function availableEngines(): Promise<Availability[]> {
  return Promise.all([
    ...postgresMajors.map(postgresAvailability),
    mysqlAvailability(),
    mariadbAvailability(),
  ]);
}

export function postgresAvailability(major: PostgresMajor): Promise<Availability> {
  return look("postgres", String(major), () => postgresBinaries(major));
}

export function mysqlAvailability(): Promise<Availability> {
  return look("mysql", "", mysqlBinaries);
}

export function mariadbAvailability(): Promise<Availability> {
  return look("mariadb", "", mariadbBinaries);
}

async function look(
  engine: Engine,
  major: string,
  find: () => Promise<{ version: string; source: string }>,
): Promise<Availability> {
  try {
    const { version, source } = await find();
    const found = /^\d+\.\d+/.exec(version)?.[0] ?? version;
    return { engine, major: major || found, ok: true, reason: `${version} from ${source}` };
  } catch (error) {
    return { engine, major, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
