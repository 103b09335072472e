import { acknowledge } from "../../functions/core/respond/commands/acknowledge.ts";
import { visible } from "../../functions/core/text/visible.ts";
import { type Command, exitCodes, textOption } from "../cli/command.ts";
import { atTable, tableDeps, tableOptions, tableUsage } from "../cli/incident-table.ts";
import { personOf } from "../cli/person.ts";

export const ack: Command = {
  summary: "Says that you have an incident in hand: nobody else is called for 30 min, unless it gets worse",
  usage: [
    "responder ack [NAME] --table TABLE [--region REGION] [--by WHO]",
    "",
    "  NAME      a database, its group or the incident's id; left out where one incident alone is open",
    ...tableUsage,
    "  --by      your name, for the thread; that of the user when left out",
    "",
    "Reads and writes with your own AWS credentials (dynamodb:Query, GetItem, PutItem on the table).",
    "exit code: 0 acknowledged, 1 nothing was, 2 usage, 3 the table could not be used",
  ].join("\n"),
  positional: "name",
  options: { name: { type: "string" }, by: { type: "string" }, ...tableOptions },
  run: async (options, io) => {
    const deps = tableDeps(options);
    const name = textOption(options, "name")?.toLowerCase() ?? null;
    const by = personOf(options);
    return atTable(deps, io, async () => {
      const { says, incidentId } = await acknowledge({ name, by }, deps);
      io.out(visible(says));
      return incidentId === null ? exitCodes.findings : exitCodes.healthy;
    });
  },
};
