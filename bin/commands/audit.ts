import { awsOffers, databaseOffers } from "../../functions/core/actions/offers.ts";
import type { AuditRecord, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { type Command, choice, exitCodes, textOption, UsageError } from "../cli/command.ts";
import { atTable, tableDeps, tableOptions, tableUsage } from "../cli/incident-table.ts";

export const audit: Command = {
  summary: "Prints what was ordered, withheld and done in an incident, and by whose decision",
  usage: [
    "responder audit INCIDENT --table TABLE [--region REGION] [--format text|json]",
    "",
    "  INCIDENT  its id, as every message of it ends with",
    ...tableUsage,
    "",
    "Reads with your own AWS credentials (dynamodb:Query on the table). Records are written once and never changed.",
    "exit code: 0 printed, 1 there is none, 2 usage, 3 the table could not be read",
  ].join("\n"),
  positional: "incident",
  options: {
    incident: { type: "string" },
    ...tableOptions,
    format: { type: "string" },
  },
  run: async (options, io) => {
    const format = choice(options, "format", ["text", "json"], "text");
    const incident = textOption(options, "incident");
    if (incident === undefined) throw new UsageError("the incident is missing");
    const deps = tableDeps(options);
    return atTable(deps, io, async () => {
      const records = await deps.incidents.audit(incident);
      if (format === "json") io.out(visibleJson(JSON.stringify(records, null, 1)));
      else if (records.length === 0) io.out(`Nothing was ordered or withheld in ${incident}, or it is none.`);
      else io.out(visible(records.map(recordText).join("\n\n")));
      return records.length === 0 ? exitCodes.findings : exitCodes.healthy;
    });
  },
};

function recordText({ at, phase, orderId, order, outcome, refusal }: AuditRecord): string {
  return [
    `${at}  ${phase}  ${orderId}`,
    ...(order === null ? [] : orderLines(order)),
    ...(refusal === null
      ? []
      : [
          `  guard:     ${refusal.guard}`,
          `  because:   ${refusal.reason}`,
          `  released:  ${refusal.release}`,
        ]),
    ...(outcome === null ? [] : [`  outcome:   ${outcome.status}: ${outcome.summary}`]),
    ...(outcome?.undo === undefined ? [] : [`  undo:      ${indented(outcome.undo.preview)}`]),
  ].join("\n");
}

function orderLines(order: WorkOrder): readonly string[] {
  const by =
    order.approvedBy === null
      ? order.permittedBy === "auto"
        ? "the policy (auto)"
        : order.permittedBy
      : order.approvedBy;
  return [
    `  action:    ${order.actionId} (${order.risk}) on ${order.target.name}, ${order.target.engine}`,
    `  decided:   ${by}`,
    `  sent:      ${indented(previewOf(order) ?? "an action that this version does not know")}`,
  ];
}

/** As it was shown and sent: an action's statement follows from its input. */
function previewOf({ actionId, input, target }: WorkOrder): string | null {
  const offer =
    databaseOffers.find(({ id }) => id === actionId) ?? awsOffers.find(({ id }) => id === actionId);
  const offered = offer?.offer(input, target);
  return offered?.kind === "offered" ? offered.preview : null;
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n             ");
}
