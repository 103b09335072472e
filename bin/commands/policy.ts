import { readFileSync } from "node:fs";
import { parseSettingsText } from "../../functions/core/configuration/parse-settings.ts";
import type { Session } from "../../functions/core/contract/session.ts";
import { leftAloneBecause, untouchableBecause } from "../../functions/core/remedies/untouchable.ts";
import { defaultSettings, type Policy } from "../../functions/core/settings.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { type Command, choice, exitCodes, textOption, UsageError } from "../cli/command.ts";
import { readProcessList } from "../cli/process-list.ts";

interface Judged {
  readonly id: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly query: string | null;
  /** never: not even proposed; asked: only with a click; may: when the evidence shows that it does the harm. */
  readonly verdict: "never" | "asked" | "may";
  readonly because: string;
}

export const policy: Command = {
  summary: "Says of a saved process list whom this policy would and would not end, and which guard says so",
  usage: [
    "responder policy test --processlist FILE [--settings FILE] [--format text|json]",
    "",
    "  --processlist   SHOW FULL PROCESSLIST, or SELECT * FROM pg_stat_activity, saved with its column names:",
    "                  rows of JSON, columns between tabs, or the boxes of mysql and psql",
    "  --settings      JSON of the same shape as the deployed settings; the defaults when left out",
    "",
    "  never  is not even proposed      asked  only with a click",
    "  may    when the evidence shows that it does the harm, under the mode of its risk; the guards look again then:",
    "         a list does not tell who is an administrator, or holds temporary tables and locks by name",
    "",
    "exit code: 0, or 2 usage",
  ].join("\n"),
  positional: "what",
  options: {
    what: { type: "string" },
    processlist: { type: "string" },
    settings: { type: "string" },
    format: { type: "string" },
  },
  run: async (options, io) => {
    if (textOption(options, "what") !== "test") throw new UsageError("there is one thing to do: policy test");
    const file = textOption(options, "processlist");
    if (file === undefined) throw new UsageError("--processlist is missing");
    const rules = policyOf(textOption(options, "settings"));
    const judged = readProcessList(read("--processlist", file)).map((session) => judge(session, rules));
    io.out(
      choice(options, "format", ["text", "json"], "text") === "json"
        ? visibleJson(JSON.stringify(judged, null, 1))
        : visible(judged.map(lineOf).join("\n")),
    );
    return exitCodes.healthy;
  },
};

function judge(session: Session, rules: Policy): Judged {
  const { id, user, application, query } = session;
  const who = { id, user, application, query };
  const never = untouchableBecause(session, rules);
  if (never !== null) return { ...who, verdict: "never", because: never };
  const alone = leftAloneBecause(session);
  if (alone !== null) return { ...who, verdict: "asked", because: alone };
  const because =
    session.state === "idle"
      ? "it is idle: ended only as one of many that leak, or when it has a transaction open that harms"
      : "nothing protects it";
  return { ...who, verdict: "may", because };
}

function lineOf({ id, user, application, query, verdict, because }: Judged): string {
  const text = query === null ? "" : `: ${query.replace(/\s+/g, " ").slice(0, 60)}`;
  return `${verdict.padEnd(5)}  ${id} ${user ?? "nobody"} (${application ?? "no application name"})${text}\n       ${because}`;
}

function policyOf(file: string | undefined): Policy {
  if (file === undefined) return defaultSettings.policy;
  const parsed = parseSettingsText(read("--settings", file));
  if (parsed.kind === "valid") return parsed.settings.policy;
  throw new UsageError(`--settings: ${parsed.faults.join("; ")}`);
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`${option}: ${file} cannot be read`);
  }
}
