import type { Session } from "../../functions/core/contract/session.ts";
import { postgresSessionState } from "../../functions/core/probes/postgres/session-row.ts";
import { UsageError } from "./command.ts";

type Row = Readonly<Record<string, string>>;

/**
 * A process list as people save it: rows of JSON, or the text of a client with its column names first: columns between
 * tabs (mysql --batch, psql -AF with a tab) or between bars (the boxes of mysql and psql).
 */
export function readProcessList(text: string): readonly Session[] {
  const rows = /^\s*[[{]/.test(text) ? rowsOfJson(text) : rowsOfText(text);
  if (rows.length === 0) throw new UsageError("--processlist: there is no session in it");
  return rows.map((row) => ("pid" in row ? postgresOf(row) : mysqlOf(row)));
}

function rowsOfJson(text: string): readonly Row[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError("--processlist: begins as JSON and is none");
  }
  const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return list.map((row) => {
    if (typeof row !== "object" || row === null) throw new UsageError("--processlist: a row is no object");
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name.toLowerCase(), value === null ? "" : String(value)]),
    );
  });
}

function rowsOfText(text: string): readonly Row[] {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^[-+\s]+$/.test(line) && !/^\(\d+ rows?\)$/.test(line.trim()));
  const [head, ...rest] = lines.map(cellsOf);
  const names = head?.map((name) => name.toLowerCase()) ?? [];
  if (!names.some((name) => name === "id" || name === "pid")) {
    throw new UsageError(
      "--processlist: its first line names no column id or pid; save SHOW FULL PROCESSLIST, or SELECT * FROM pg_stat_activity, with its column names",
    );
  }
  return rest.map((cells) => {
    if (cells.length > names.length || cells.length < 2)
      throw new UsageError(
        `--processlist: this line has not the columns of the first: ${cells.join(" ").slice(0, 80)}`,
      );
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

function cellsOf(line: string): readonly string[] {
  if (line.includes("\t")) return line.split("\t").map((cell) => cell.trim());
  return line
    .replace(/^\s*\|/, "")
    .replace(/\|\s*$/, "")
    .split("|")
    .map((cell) => cell.trim());
}

const known = (value: string | undefined): string | null =>
  value === undefined || value === "" || value === "NULL" || value === "\\N" ? null : value;

function idOf(text: string | undefined): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id))
    throw new UsageError(`--processlist: ${text ?? "nothing"} is no id of a session`);
  return id;
}

/** What a list does not tell is not known, and what is not known is no permission. */
const unknown = {
  ...{ sessionKey: "", statementKey: null, stateSeconds: null, stateSince: null, transactionSeconds: null },
  ...{
    statementSeconds: null,
    sessionSeconds: null,
    leaderId: null,
    rowsModified: null,
    administrator: null,
  },
} as const;

function postgresOf(row: Row): Session {
  const query = known(row["query"]);
  const type = known(row["backend_type"]) ?? "client backend";
  const user = known(row["usename"] ?? row["user"]);
  const event = known(row["wait_event"]);
  return {
    ...unknown,
    id: idOf(row["pid"]),
    ...{ user, application: known(row["application_name"]), client: known(row["client_addr"]) },
    database: known(row["datname"]),
    kind: postgresKinds.find(([test]) => test.test(type))?.[1] ?? "system",
    wraparound: query?.includes("(to prevent wraparound)") ?? false,
    superuser: user === "rdsadmin" || user === "postgres",
    own: row["application_name"] === "rds-responder",
    state: postgresSessionState(known(row["state"])),
    waitEvent: event === null ? null : `${row["wait_event_type"] ?? ""}:${event}`,
    query,
  };
}

const postgresKinds: readonly (readonly [RegExp, Session["kind"]])[] = [
  [/^client backend$/, "client"],
  [/^parallel worker$/, "parallel-worker"],
  [/^autovacuum worker$/, "autovacuum"],
  [/^(walsender|logical replication)/, "replication"],
];

/** The list does not tell who sleeps in a transaction: the guards ask the server. */
function mysqlOf(row: Row): Session {
  const user = known(row["user"]);
  const command = known(row["command"]) ?? "Query";
  return {
    ...unknown,
    id: idOf(row["id"]),
    ...{
      user,
      application: known(row["program_name"]),
      client: known(row["host"])?.replace(/:\d+$/, "") ?? null,
    },
    database: known(row["db"]),
    kind: mysqlKind(user, command, known(row["info"])),
    wraparound: false,
    superuser: user === "rdsadmin",
    own: row["program_name"] === "rds-responder",
    state: command === "Sleep" ? "idle" : "active",
    waitEvent: known(row["state"]),
    query: known(row["info"]),
  };
}

function mysqlKind(user: string | null, command: string, info: string | null): Session["kind"] {
  if (command.startsWith("Binlog Dump") || user === "system user") return "replication";
  if (user === null || user === "event_scheduler" || command === "Daemon") return "system";
  return command === "Connect" && info !== null ? "event" : "client";
}
