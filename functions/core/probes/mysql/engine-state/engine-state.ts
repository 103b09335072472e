import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { defineProbe, type ProbeContext } from "../../define.ts";
import { perSecond } from "../../growth.ts";
import { innodbMonitorStatement, monitorText, sectionOf } from "../innodb-monitor.ts";
import { processGrant } from "../sight.ts";
import { latchesIn, mergeLatches } from "./latches.ts";
import { type MysqlEngineStateRow, mysqlEngineStateRows } from "./rows.ts";

const namedSchema = z.object({ Variable_name: z.string(), Value: z.string() });
const clockSchema = z.object({ at_seconds: z.coerce.number() });

const variables = [
  "innodb_redo_log_capacity",
  "innodb_log_file_size",
  "innodb_log_files_in_group",
  "innodb_io_capacity",
  "innodb_adaptive_hash_index",
];

export const mysqlEngineState = defineProbe({
  ...mysqlEngineStateRows,
  spec: ["P28"],
  title: "How full is the redo log, and which latches are waited for?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "A few variables and InnoDB's monitor text twice, at most 1 MB each.",
  needs: [processGrant],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-standard-monitor.html",
  samples: 2,
  statements: () => [
    { sql: "SELECT UNIX_TIMESTAMP(NOW(6)) AS at_seconds" },
    innodbMonitorStatement,
    {
      sql: `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${variables.map((name) => `'${name}'`).join(", ")})`,
    },
    {
      sql: "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_redo_log_capacity_resized', 'Innodb_checkpoint_max_age')",
    },
  ],
  read: (answers, context): MysqlEngineStateRow[] => {
    const [before, after] = [readingOf(answers.slice(0, 4)), readingOf(answers.slice(4, 8))];
    const seconds = Math.max(0, after.atSeconds - before.atSeconds);
    const capacity = context.target.flavour === "aurora" ? null : capacityOf(after.value);
    const [first, second] = [lsnsIn(before.text), lsnsIn(after.text)];
    return [
      {
        intervalSeconds: seconds,
        redo:
          capacity === null || first === null || second === null
            ? null
            : {
                ...capacity,
                ageBytes: [first.written - first.checkpoint, second.written - second.checkpoint],
                writtenPerSecond: perSecond(first.written, second.written, seconds),
              },
        ioCapacity: after.value("innodb_io_capacity"),
        adaptiveHashIndex: after.adaptiveHash,
        latches: latchesOf(before.text, after.text, context),
        autoIncrementWaits: autoIncrementWaits(after.text),
      },
    ];
  },
});

interface Reading {
  readonly atSeconds: number;
  readonly text: string;
  readonly value: (name: string) => number | null;
  readonly adaptiveHash: boolean | null;
}

function readingOf([clock = [], monitor = [], ...named]: readonly (readonly SqlRow[])[]): Reading {
  const rows = z.array(namedSchema).parse(named.flat());
  const values = new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
  const hash = values.get("innodb_adaptive_hash_index");
  return {
    atSeconds: clockSchema.parse(clock[0]).at_seconds,
    text: monitorText(monitor).replaceAll("\r\n", "\n"),
    value: (name) => {
      const value = values.get(name.toLowerCase());
      return value === undefined ? null : Number(value);
    },
    adaptiveHash: hash === undefined ? null : hash === "ON",
  };
}

/**
 * MariaDB says what may be used; MySQL what it has, files in a group before 8.0.30.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-redo-log.html https://mariadb.com/kb/en/innodb-redo-log/
 */
function capacityOf(value: Reading["value"]) {
  const capacity = value("Innodb_redo_log_capacity_resized") ?? value("innodb_redo_log_capacity");
  const parameterBytes = value("innodb_redo_log_capacity") ?? value("innodb_log_file_size");
  const files = (value("innodb_log_file_size") ?? 0) * (value("innodb_log_files_in_group") ?? 1);
  const capacityBytes = value("Innodb_checkpoint_max_age") ?? capacity ?? files;
  if (capacityBytes <= 0 || parameterBytes === null) return null;
  const parameter = capacity === null ? "innodb_log_file_size" : "innodb_redo_log_capacity";
  return { capacityBytes, parameter, parameterBytes };
}

function lsnsIn(text: string): { readonly written: number; readonly checkpoint: number } | null {
  const section = sectionOf(text, "LOG") ?? "";
  const written = /^Log sequence number +(\d+)$/m.exec(section)?.[1];
  const checkpoint = /^Last checkpoint at +(\d+)$/m.exec(section)?.[1];
  if (written === undefined || checkpoint === undefined) return null;
  return { written: Number(written), checkpoint: Math.min(Number(checkpoint), Number(written)) };
}

function latchesOf(before: string, after: string, { server }: ProbeContext): MysqlEngineStateRow["latches"] {
  if (server.engine === "mariadb") return null;
  return mergeLatches([before, after].flatMap((text) => latchesIn(sectionOf(text, "SEMAPHORES") ?? "")));
}

/** "TABLE LOCK table `shop`.`orders` trx id 77 lock mode AUTO-INC waiting" */
function autoIncrementWaits(text: string): MysqlEngineStateRow["autoIncrementWaits"] {
  const waits = [...text.matchAll(/^TABLE LOCK table (`[^\n]+`) trx id \d+ lock mode AUTO-INC waiting$/gm)];
  const tables = Map.groupBy(waits, ([, table = ""]) => table.replaceAll("`", ""));
  return [...tables].slice(0, 10).map(([table, all]) => ({ table, waiters: all.length }));
}
