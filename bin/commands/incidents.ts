import { rootMessage } from "../../functions/core/messages/root-message.ts";
import { renderText } from "../../functions/core/messages/text.ts";
import { openIncidents } from "../../functions/core/respond/commands/open-incidents.ts";
import { tellStatus } from "../../functions/core/respond/commands/tell-status.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { type Command, choice, exitCodes, type Io, textOption, UsageError } from "../cli/command.ts";
import { atTable, tableDeps, tableOptions, tableUsage } from "../cli/incident-table.ts";

export const incidents: Command = {
  summary: "Lists the open incidents and who is snoozed, or shows one incident with its timeline",
  usage: [
    "responder incidents list --table TABLE [--region REGION] [--format text|json]",
    "responder incidents show --incident ID --table TABLE [--region REGION] [--format text|json]",
    "",
    "  --incident  its id, as every message of it ends with; also of one that is over",
    ...tableUsage,
    "",
    "Reads with your own AWS credentials (dynamodb:Query and GetItem on the table).",
    "exit code: 0 printed, 1 there is none of that id, 2 usage, 3 the table could not be used",
  ].join("\n"),
  positional: "what",
  options: {
    what: { type: "string" },
    incident: { type: "string" },
    format: { type: "string" },
    ...tableOptions,
  },
  run: async (options, io) => {
    const what = choice(options, "what", ["list", "show"], "list");
    const json = choice(options, "format", ["text", "json"], "text") === "json";
    const id = textOption(options, "incident");
    if (what === "show" && id === undefined) throw new UsageError("--incident is missing");
    const deps = tableDeps(options);
    return atTable(deps, io, () => (id === undefined ? list(deps, json, io) : show(id, deps, json, io)));
  },
};

type TableDeps = ReturnType<typeof tableDeps>;

async function list(deps: TableDeps, json: boolean, io: Io) {
  io.out(
    json
      ? visibleJson(JSON.stringify((await openIncidents(null, deps)).incidents, null, 1))
      : visible(await tellStatus(null, deps)),
  );
  return exitCodes.healthy;
}

async function show(id: string, { incidents: store, settings, clock }: TableDeps, json: boolean, io: Io) {
  const incident = await store.get(id);
  if (incident === null) {
    io.err(visible(`There is no incident ${id}.`));
    return exitCodes.findings;
  }
  const timeline = incident.timeline.map(({ at, kind, says }) => `${at}  ${kind}  ${says}`);
  const board = renderText(rootMessage(incident, await settings.read(), clock.now()));
  io.out(
    json
      ? visibleJson(JSON.stringify(incident, null, 1))
      : visible([board, "", "Timeline", ...timeline].join("\n")),
  );
  return exitCodes.healthy;
}
