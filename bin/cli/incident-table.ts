import { createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
import { createDynamoIncidentStore } from "../../functions/adapters/aws/dynamo-incident-store.ts";
import { createDynamoKeptSettings } from "../../functions/adapters/aws/dynamo-kept-settings.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createStructuredLog } from "../../functions/adapters/aws/structured-log.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { parseSettingsText } from "../../functions/core/configuration/parse-settings.ts";
import { messageOf } from "../../functions/core/errors.ts";
import { defaultSettings, type Settings } from "../../functions/core/settings.ts";
import type { SettingsText } from "../../functions/core/settings-ports.ts";
import { visible } from "../../functions/core/text/visible.ts";
import { type ExitCode, exitCodes, type Io, type Options, textOption, UsageError } from "./command.ts";

/** Where a deployment keeps its incidents. */
export const tableOptions = { table: { type: "string" }, region: { type: "string" } } as const;

export const tableUsage = [
  "  --table   the incident table of the deployment (its name is among the outputs of the stack's storage)",
  "  --region  where it is; AWS_REGION when left out",
] as const;

export function tableDeps(options: Options) {
  const table = textOption(options, "table");
  const region = textOption(options, "region") ?? process.env["AWS_REGION"];
  if (table === undefined) throw new UsageError("--table is missing");
  if (region === undefined) throw new UsageError("--region is missing");
  const clock = createSystemClock();
  // What is done is said anyway; what could not be read is not to be missed.
  const write = (line: string) => (line.includes('"level":"error"') ? process.stderr.write(line) : true);
  const log = createStructuredLog({ clock, namespace: "RdsResponder", write });
  const [client, ids] = [createDynamoDbClient({ region }), createRandomIds()];
  const incidents = createDynamoIncidentStore({ client, table, clock, ids, log });
  const kept = createDynamoKeptSettings({ client, table, ids });
  const settings = { read: async () => settingsOf(await kept.read()) };
  return { incidents, settings, clock, log, random: Math.random, where: `${table} in ${region}` };
}

/** The deployment's last good ones, kept in the table; defaults where it has never read any. */
function settingsOf(kept: SettingsText | null): Settings {
  const parsed = kept === null ? null : parseSettingsText(kept.text);
  return parsed?.kind === "valid" ? parsed.settings : defaultSettings;
}

/** What the table answers, or that it could not be read or written. */
export async function atTable(
  { where }: Pick<ReturnType<typeof tableDeps>, "where">,
  io: Io,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    io.err(visible(`The table ${where} could not be used (${messageOf(error)}).`));
    return exitCodes.notConnected;
  }
}
