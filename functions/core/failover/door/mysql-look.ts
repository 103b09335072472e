import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { SqlRow, SqlSession } from "../../ports.ts";
import { openAccounts } from "./mysql-fence.ts";
import { mysqlClients, sparedUsers } from "./mysql-sessions.ts";
import { positionsOf, type Replica, readReplica, silenceOf } from "./mysql-stream.ts";
import type { Way } from "./node-way.ts";
import { nothingSaid, type Said } from "./said.ts";

/** An instance of Aurora that only reads has innodb_read_only, and read_only off. */
function stateSql(spared: string): string {
  return `SELECT @@GLOBAL.read_only + @@GLOBAL.innodb_read_only AS read_only,
    (SELECT COUNT(*) FROM ${mysqlClients(spared)}) AS clients`;
}

const stateSchema = z.object({ read_only: z.coerce.number(), clients: z.coerce.number() });

/** https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-trx-table.html */
const openSql = `SELECT COALESCE(MAX(trx_rows_modified), 0) AS written,
    COALESCE(MAX(TIMESTAMPDIFF(SECOND, trx_started, NOW())), 0) AS seconds
  FROM information_schema.INNODB_TRX WHERE trx_rows_modified > 0`;

const openSchema = z.object({ written: z.coerce.number(), seconds: z.coerce.number() });

function fenceSql(spared: string): string {
  return `SELECT (SELECT COUNT(*) FROM ${openAccounts(spared)}) AS open_accounts,
    (SELECT COUNT(*) FROM rds_responder.fenced) AS fenced`;
}

const fenceSchema = z.object({ open_accounts: z.coerce.number(), fenced: z.coerce.number() });

export async function lookAtMysql(session: SqlSession, way: Way, signal: AbortSignal): Promise<Said> {
  const spared = sparedUsers(way, session);
  const [row] = await session.query({ sql: stateSql(spared) }, signal);
  const state = stateSchema.parse(row);
  const [fence, open, replica] = [
    await unlessRefused(session, fenceSql(spared), signal),
    await unlessRefused(session, openSql, signal),
    await readReplica(session, signal),
  ];
  const counted = fence === null ? null : fenceSchema.parse(fence);
  const fenced = counted === null ? null : counted.open_accounts === 0 && counted.fenced > 0;
  const writable = state.read_only > 0 ? false : fenced === null ? true : counted?.open_accounts !== 0;
  return {
    ...(await streamOf(session, replica, signal)),
    traces: counted === null ? null : counted.fenced > 0,
    readOnly: state.read_only > 0,
    // Without PROCESS both are refused, and the list of sessions shows our own alone.
    ...{ writable, fenced, clients: open === null ? null : state.clients },
    openTransaction: open === null || replica !== null ? null : openOf(openSchema.parse(open)),
  };
}

function openOf({ written, seconds }: z.infer<typeof openSchema>) {
  return { rows: written, seconds };
}

async function streamOf(
  session: SqlSession,
  replica: Replica | "unseen" | null,
  signal: AbortSignal,
): Promise<Said> {
  if (replica === "unseen") return nothingSaid;
  const positions = await positionsOf(session, replica, signal);
  if (replica === null) return { ...nothingSaid, ...positions, filtered: false };
  const { receiving, applying, delaySeconds, filtered } = replica;
  const silence = await silenceOf(session, signal);
  return { ...nothingSaid, ...positions, ...{ receiving, applying, delaySeconds, filtered, ...silence } };
}

/** What lacks a grant is not seen; what hangs is for whoever asked. */
async function unlessRefused(session: SqlSession, sql: string, signal: AbortSignal): Promise<SqlRow | null> {
  try {
    return (await session.query({ sql }, signal))[0] ?? null;
  } catch (error) {
    if (error instanceof SqlError && (error.kind === "permission" || error.kind === "missing-object"))
      return null;
    throw error;
  }
}
