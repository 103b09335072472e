import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { bytesText } from "../facts/rds-facts.ts";
import { settingsOf } from "../facts/settings-facts.ts";
import type { Statement } from "../facts/statements.ts";
import type { View } from "../facts/view.ts";
import { postgresSettingsRows } from "../probes/postgres/settings-rows.ts";
import { memoryBytes } from "../text/memory-bytes.ts";
import { quoteName } from "../text/sql-names.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";

const mb = 1024 * 1024;
const smallest = 8;
/** More in every sort of every session is how memory runs out. */
const largest = 256;

/**
 * More memory for the user that needs it, not for everybody. A sort in memory takes about twice what it takes on
 * disk. https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM
 */
export function spillRemedies(view: View, { user, now, total }: Statement): readonly ProposedAction[] {
  if (view.evidence.target.engine !== "postgres") {
    const sorts = (now.mergePassesPerSecond ?? 0) > (now.diskTablesPerSecond ?? 0);
    return sorts ? sortRemedies(view) : mysqlSpillRemedies(view);
  }
  const bytes =
    now.callsPerSecond > 0
      ? (now.tempBytesPerSecond ?? 0) / now.callsPerSecond
      : (total.tempBytes ?? 0) / Math.max(1, total.calls);
  return user === null ? [] : moreWorkMemory(view, user, bytes);
}

/** What it spills comes on top of what it has; less than that, or more than is safe, is no remedy. */
function moreWorkMemory(view: View, user: string, spilled: number): readonly ProposedAction[] {
  const { own, bytes, elsewhere } = workMemory(view, user);
  // What is set for the role in one database wins over it, and it would take away what the database has.
  if (elsewhere) return [];
  const needed = ((bytes ?? 0) + 2 * spilled) / mb;
  if (needed > largest) return [];
  const memory = Math.max(smallest, 2 ** Math.ceil(Math.log2(Math.max(1, needed))));
  const role = quoteName(user);
  const undo = own === null ? `RESET work_mem` : `SET work_mem = '${own}'`;
  const unseen = bytes === null ? " What it has now could not be seen: with as much or more, leave it." : "";
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "disruptive",
      preview: `ALTER ROLE ${role} SET work_mem = '${memory}MB'`,
      describes: `Gives each sort and hash of user ${user} up to ${memory} MB before it spills`,
      consequence: `Holds for new sessions. Each sort or hash of each session may take that much: ten at once are ${10 * memory} MB.${unseen} Undo: ALTER ROLE ${role} ${undo}.`,
    }),
  ];
}

/** How much of a sort or hash stays in memory for the user; empty where it was not seen. */
export function workMemoryText(view: View, user: string | null): readonly string[] {
  const { bytes } = workMemory(view, user ?? "");
  if (bytes === null || view.evidence.target.engine !== "postgres") return [];
  return [`work_mem is ${bytesText(bytes)} for each of its sorts and hashes`];
}

interface WorkMemory {
  /** What is set for the role itself, in every database. */
  readonly own: string | null;
  /** Null: not seen. */
  readonly bytes: number | null;
  /** It is set for a database, or for the role in one. */
  readonly elsewhere: boolean;
}

function workMemory(view: View, user: string): WorkMemory {
  const row = view.rows(postgresSettingsRows)?.find(({ name }) => name === "work_mem");
  const begins = `${user}@*=`;
  const own = row?.overrides.find((one) => one.startsWith(begins))?.slice(begins.length) ?? null;
  const elsewhere = (row?.overrides ?? []).some(
    (one) => !one.startsWith(begins) && (one.startsWith(`${user}@`) || one.startsWith("*@")),
  );
  return { own, bytes: own === null ? (row?.bytes ?? null) : memoryBytes(own), elsewhere };
}

/** More makes MariaDB slower, which takes the whole buffer for every sort; MySQL 8.0.12 and later as much as it needs. */
const sortBytes = 8 * mb;

/**
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_sort_buffer_size
 * https://mariadb.com/kb/en/server-system-variables/#sort_buffer_size
 */
function sortRemedies(view: View): readonly ProposedAction[] {
  if (Number(settingsOf(view)?.value("sort_buffer_size") ?? 0) >= sortBytes) return [];
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "safe",
      preview: `SET SESSION sort_buffer_size = ${sortBytes}`,
      describes: `Lets each sort of the session that says so take ${sortBytes / mb} MB before it goes to disk`,
      consequence: `For the application to say before this statement; in another session it changes nothing. Ten such sessions at once may take ${(10 * sortBytes) / mb} MB. An index that gives the order, fewer or shorter columns, or a LIMIT makes the sort smaller, which is better. Ends with the session.`,
    }),
  ];
}

/** Enough for what an index cannot serve, and a session's own doing: for all of them at once it is how memory runs out. */
const tableBytes = 64 * mb;

/**
 * In the sessions that run the statement, never for all: every temporary table of every session may take so much.
 * https://dev.mysql.com/doc/refman/8.4/en/internal-temporary-tables.html
 * https://mariadb.com/docs/server/server-management/variables-and-modes/server-system-variables#tmp_table_size
 */
function mysqlSpillRemedies(view: View): readonly ProposedAction[] {
  const settings = settingsOf(view);
  const current = ["tmp_table_size", "max_heap_table_size"].map((name) => Number(settings?.value(name) ?? 0));
  if (Math.min(...current) >= tableBytes) return [];
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "safe",
      preview: `SET SESSION tmp_table_size = ${tableBytes}, SESSION max_heap_table_size = ${tableBytes}`,
      describes: `Lets temporary tables of the session that says so grow to ${tableBytes / mb} MB in memory before they go to disk`,
      consequence: `For the application to say before this statement; in another session it changes nothing. Each such session may take ${tableBytes / mb} MB for each temporary table: ten at once are ${(10 * tableBytes) / mb} MB. An index that gives the order or the groups makes the temporary table unnecessary, which is better. Ends with the session.`,
    }),
  ];
}

const gb = 1024 ** 3;

/**
 * What ends the next one before it fills the disk. Only superusers may set it for a role: on RDS it is the parameter
 * group's, in kB. https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-TEMP-FILE-LIMIT
 */
export function limitTempFiles(
  view: View,
  { bytes, user }: { readonly bytes: number; readonly user: string | null },
): readonly ProposedAction[] {
  const limit = Math.max(1, Math.floor(bytes / gb / 2));
  const consequence = `A statement whose session needs more than ${limit} GB of temporary files fails with an error instead of filling the disk; reports among them. Undo: -1.`;
  if (view.evidence.target.flavour !== "self-managed") {
    const value = String(limit * 1024 * 1024);
    return [
      changeParameter(
        view,
        { id: "change-parameter", spec: "A24", name: "temp_file_limit", value, towards: "lower" },
        consequence,
      ),
    ];
  }
  if (user === null) return [];
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "disruptive",
      preview: `ALTER ROLE ${quoteName(user)} SET temp_file_limit = '${limit}GB'`,
      describes: `limits temporary files of each session of ${user} to ${limit} GB; run it as a superuser`,
      consequence: `New sessions only. ${consequence}`,
    }),
  ];
}
