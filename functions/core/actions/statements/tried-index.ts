import { mysqlName } from "../../text/sql-names.ts";
import type { DatabaseWorld } from "../define.ts";
import { sentNote } from "../sent.ts";
import { quoted } from "./postgres-object.ts";

interface Tried {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}

async function send({ session, signal, note }: DatabaseWorld, sql: string): Promise<void> {
  note(sentNote(sql));
  await session.query({ sql }, signal);
}

function alter(world: DatabaseWorld, { schema, table }: Tried, what: string): Promise<void> {
  return send(world, `ALTER TABLE ${mysqlName(schema, table)} ${what}`);
}

/** MariaDB lets no session see an ignored index: to be tried it is shown to all. https://mariadb.com/kb/en/ignored-indexes/ */
export async function shownFirst(world: DatabaseWorld, index: Tried): Promise<void> {
  if (world.target.engine !== "mariadb") return;
  await alter(world, index, `ALTER INDEX ${mysqlName(index.name)} NOT IGNORED`);
}

/** On MySQL this session alone. https://dev.mysql.com/doc/refman/8.4/en/invisible-indexes.html */
export async function seeHidden({ session, target, signal }: DatabaseWorld): Promise<void> {
  if (target.engine !== "mysql") return;
  const sql = "SET SESSION optimizer_switch = 'use_invisible_indexes=on'";
  await session.query({ sql }, signal);
}

export async function giveToAll(world: DatabaseWorld, index: Tried): Promise<void> {
  if (world.target.engine !== "mysql") return;
  await alter(world, index, `ALTER INDEX ${mysqlName(index.name)} VISIBLE`);
}

export async function dropTried(world: DatabaseWorld, index: Tried): Promise<void> {
  if (world.target.engine === "postgres") {
    await send(world, `DROP INDEX CONCURRENTLY IF EXISTS ${quoted(index)}`);
    return;
  }
  await alter(world, index, `DROP INDEX ${mysqlName(index.name)}, ALGORITHM=INPLACE, LOCK=NONE`);
}
