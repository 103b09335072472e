import * as z from "zod";
import type { ServerInfo } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { type KnownSetting, knownSettings } from "./settings-names.ts";
import { type MysqlSettingRow, mysqlSettingsRows } from "./settings-rows.ts";

const names = knownSettings.map(({ name }) => `'${name}'`).join(", ");

/**
 * VARIABLE_SOURCE is one for the server and is overwritten by SET SESSION as well (seen on 9.7), so that what the
 * responder's sessions set for themselves says nothing.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-variables-info-table.html
 */
const mysqlSql = `
  SELECT g.VARIABLE_NAME AS name, g.VARIABLE_VALUE AS value, i.VARIABLE_PATH AS path,
    IF(i.VARIABLE_SOURCE = 'DYNAMIC' AND i.SET_USER = SUBSTRING_INDEX(CURRENT_USER(), '@', 1), NULL,
      i.VARIABLE_SOURCE) AS source,
    CAST(i.SET_TIME AS CHAR) AS changed_at, i.SET_USER AS changed_by
  FROM performance_schema.global_variables AS g
    LEFT JOIN performance_schema.variables_info AS i ON i.VARIABLE_NAME = g.VARIABLE_NAME
  WHERE g.VARIABLE_NAME IN (${names})`;

/** https://mariadb.com/kb/en/information-schema-system_variables-table/ */
const mariadbSql = `
  SELECT LOWER(VARIABLE_NAME) AS name, GLOBAL_VALUE AS value, GLOBAL_VALUE_PATH AS path,
    GLOBAL_VALUE_ORIGIN AS source, NULL AS changed_at, NULL AS changed_by
  FROM information_schema.SYSTEM_VARIABLES
  WHERE VARIABLE_NAME IN (${names})`;

const answerSchema = z.object({
  name: z.string(),
  value: z.string().nullable(),
  path: z.string().nullable(),
  source: z.string().nullable(),
  changed_at: z.string().nullable(),
  changed_by: z.string().nullable(),
});
type Answer = z.infer<typeof answerSchema>;

export const mysqlSettings = defineProbe({
  ...mysqlSettingsRows,
  spec: ["P32"],
  title: "How is it set, by whom, and which settings are gone?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One pass over the variables; constant.",
  needs: [],
  maxRows: knownSettings.length,
  source: "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html",
  statements: ({ server }) => [{ sql: server.engine === "mariadb" ? mariadbSql : mysqlSql }],
  read: ([rows = []], { server }): MysqlSettingRow[] => {
    const answers = new Map(
      z
        .array(answerSchema)
        .parse(rows)
        .map((row) => [row.name, row]),
    );
    return knownSettings
      .flatMap((known) => rowOf(known, answers.get(known.name), server))
      .sort((a, b) => a.name.localeCompare(b.name));
  },
});

const nothing = {
  value: null,
  bytes: null,
  seconds: null,
  source: null,
  path: null,
  changedAt: null,
  changedBy: null,
};

function rowOf(known: KnownSetting, answer: Answer | undefined, server: ServerInfo): MysqlSettingRow[] {
  const { name, unit } = known;
  if (!answer) {
    const since = known.goneSince[server.engine];
    if (since === undefined) return [];
    const goneSince = since === "later" ? null : since;
    return [{ name, state: "gone", ...nothing, goneSince, replacedBy: known.replacedBy }];
  }
  const source = sourceOf(answer.source);
  const changed = source === "run-time" || source === "persisted";
  return [
    {
      name,
      state: "set",
      value: answer.value,
      ...inBase(answer.value, unit),
      source,
      path: answer.path || null,
      changedAt: changed ? answer.changed_at : null,
      changedBy: changed ? answer.changed_by || null : null,
      goneSince: null,
      replacedBy: null,
    },
  ];
}

function inBase(
  value: string | null,
  unit: KnownSetting["unit"],
): Pick<MysqlSettingRow, "bytes" | "seconds"> {
  const number = value === null || value === "" ? Number.NaN : Number(value);
  const none = { bytes: null, seconds: null };
  if (!Number.isFinite(number) || unit === null) return none;
  if (unit === "bytes") return { ...none, bytes: number };
  return { ...none, seconds: unit === "milliseconds" ? number / 1000 : number };
}

/** Of both engines; MariaDB's AUTO is a value that the server computed. */
function sourceOf(source: string | null): MysqlSettingRow["source"] {
  switch (source) {
    case "COMPILED":
    case "COMPILE-TIME":
    case "AUTO":
      return "default";
    case "GLOBAL":
    case "SERVER":
    case "EXPLICIT":
    case "EXTRA":
    case "USER":
    case "LOGIN":
    case "CONFIG":
      return "configuration-file";
    case "COMMAND_LINE":
    case "COMMAND-LINE":
      return "command-line";
    case "PERSISTED":
      return "persisted";
    case "DYNAMIC":
    case "SQL":
      return "run-time";
    default:
      return null;
  }
}
