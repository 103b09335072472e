import { standing } from "../../functions/core/contract/snooze.ts";
import { secondsOf } from "../../functions/core/respond/commands/parse-command.ts";
import { endSnooze, keepSnooze } from "../../functions/core/respond/commands/snooze-database.ts";
import { snoozeLine } from "../../functions/core/respond/commands/tell-status.ts";
import { visible } from "../../functions/core/text/visible.ts";
import { type Command, exitCodes, type Io, type Options, textOption, UsageError } from "../cli/command.ts";
import { atTable, tableDeps, tableOptions, tableUsage } from "../cli/incident-table.ts";
import { personOf } from "../cli/person.ts";

export const snooze: Command = {
  summary: "Has a database left alone for a time: the gate refuses every action on it until then",
  usage: [
    "responder snooze NAME --for 2h --reason TEXT --table TABLE [--region REGION] [--by WHO]",
    "responder snooze NAME --off --table TABLE",
    "responder snooze --table TABLE",
    "",
    "  NAME      DB instance, cluster or group; whether RDS knows it is not asked. Left out: lists who is snoozed",
    "  --for     30m, 2h, 1h30m; at most policy.maxSnoozeSeconds (24 h)",
    "  --reason  for whoever meets it",
    ...tableUsage,
    "  --by      your name; that of the user when left out",
    "",
    "Reads and writes with your own AWS credentials (dynamodb:GetItem, PutItem on the table).",
    "exit code: 0 done or listed, 1 not done, 2 usage, 3 the table could not be used",
  ].join("\n"),
  positional: "name",
  options: {
    name: { type: "string" },
    for: { type: "string" },
    reason: { type: "string" },
    off: { type: "boolean" },
    by: { type: "string" },
    ...tableOptions,
  },
  run: async (options, io) => {
    const deps = tableDeps(options);
    const name = textOption(options, "name");
    return atTable(deps, io, async () => {
      if (name === undefined) return list(deps, io);
      const { snoozed, says } =
        options["off"] === true
          ? await ended(name, options, deps)
          : await keepSnooze(
              { ...wishOf(options), name },
              (await deps.settings.read()).policy.maxSnoozeSeconds,
              deps,
            );
      io.out(visible(says));
      return snoozed ? exitCodes.healthy : exitCodes.findings;
    });
  },
};

type TableDeps = ReturnType<typeof tableDeps>;

async function list({ incidents, clock }: TableDeps, io: Io) {
  const now = clock.now();
  const lines = standing((await incidents.snoozes()).list, now).map((one) => snoozeLine(one, now));
  io.out(lines.length === 0 ? "Nobody is snoozed." : visible(lines.join("\n")));
  return exitCodes.healthy;
}

async function ended(name: string, options: Options, deps: TableDeps) {
  return { snoozed: true, says: await endSnooze(name, personOf(options), deps) };
}

function wishOf(options: Options) {
  const seconds = secondsOf(textOption(options, "for") ?? "");
  const reason = textOption(options, "reason");
  if (seconds === null) throw new UsageError("--for is missing, or no time such as 30m or 2h");
  if (reason === undefined || reason === "") throw new UsageError("--reason is missing");
  return { seconds, reason: reason.slice(0, 200), by: personOf(options) };
}
