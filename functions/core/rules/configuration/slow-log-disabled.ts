import type { ProposedAction } from "../../contract/finding.ts";
import { settingsOf } from "../../facts/settings-facts.ts";
import type { View } from "../../facts/view.ts";
import { changeParameter } from "../../remedies/aws/parameter-remedies.ts";
import { defineRule } from "../define.ts";

/** Without it nobody can tell tomorrow what was slow tonight. */
export const slowLogDisabled = defineRule({
  id: "slow-log-disabled",
  spec: ["D4", "P15", "P32"],
  category: "configuration",
  title: "Slow statements are not logged",
  needs: ["postgres-settings", "mysql-settings"],
  evaluate: (view) => {
    const settings = settingsOf(view);
    if (settings === null) return [];
    const says = view.evidence.target.engine === "postgres" ? postgresOff(settings) : mysqlOff(settings);
    if (says === null) return [];
    return [
      {
        subject: "",
        severity: "P3",
        confidence: 0.95,
        summary: `Slow statements are not logged: ${says}`,
        evidence: [{ source: settings.source, says }],
        explains: [],
        actions: enable(view),
      },
    ];
  },
});

type Settings = NonNullable<ReturnType<typeof settingsOf>>;

function postgresOff({ value }: Settings): string | null {
  // auto_explain and a sample of the statements tell as well; all of them may be logged whatever they take.
  const limits = ["log_min_duration_statement", "log_min_duration_sample", "auto_explain.log_min_duration"];
  const known = limits.map((name) => value(name)).filter((limit) => limit !== null);
  if (known.length === 0 || known.some((limit) => !limit.startsWith("-"))) return null;
  return value("log_min_duration_statement") === null ? null : "log_min_duration_statement is -1";
}

function mysqlOff({ value }: Settings): string | null {
  const state = value("slow_query_log");
  if (state !== null && /^(off|0)$/i.test(state)) return "slow_query_log is OFF";
  if (/^none$/i.test(value("log_output") ?? ""))
    return "log_output is NONE, so that they are written nowhere";
  const seconds = Number(value("long_query_time") ?? 0);
  return seconds >= 60 ? `long_query_time is ${seconds} s, so next to nothing is slow` : null;
}

function enable(view: View): readonly ProposedAction[] {
  const { flavour, engine } = view.evidence.target;
  const { slowQuerySeconds } = view.thresholds;
  if (flavour === "self-managed") return [];
  const change =
    engine === "postgres"
      ? {
          name: "log_min_duration_statement",
          value: String(slowQuerySeconds * 1000),
          towards: "lower" as const,
        }
      : {
          name: "slow_query_log",
          value: "1",
          towards: "neither" as const,
          also: mysqlLimits(slowQuerySeconds),
        };
  return [
    changeParameter(
      view,
      { id: "enable-slow-query-log", spec: "A25", ...change },
      "A log line for each slow statement, its literals included.",
    ),
  ];
}

/**
 * Alone it would log what takes ten seconds, into a table that fills the storage and that no API can download.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.Generallog.html
 */
function mysqlLimits(seconds: number) {
  return [
    { name: "long_query_time", value: String(seconds), towards: "lower" as const },
    { name: "log_output", value: "FILE", towards: "neither" as const },
  ];
}
