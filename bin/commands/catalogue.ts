import { awsActions } from "../../functions/core/actions/aws-index.ts";
import { databaseActions } from "../../functions/core/actions/index.ts";
import { contextSources } from "../../functions/core/context/catalogue.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { rules } from "../../functions/core/rules/index.ts";
import { type Command, choice, exitCodes } from "../cli/command.ts";

/** Everything that the responder can look at, conclude and do, with the ids of the specification. */
function entries() {
  return {
    context: contextSources,
    probes: probes.map(({ id, spec, title, engines, versions, tier, cost, needs, source }) => ({
      id,
      spec,
      title,
      engines,
      versions: versions ?? null,
      tier,
      cost,
      needs,
      source,
    })),
    rules: rules.map(({ id, spec, category, title, needs }) => ({ id, spec, category, title, needs })),
    actions: databaseActions.map(({ id, spec, title, risk, engines, grants, undo }) => ({
      id,
      spec,
      title,
      risk,
      engines,
      grants,
      undo,
    })),
    awsActions: awsActions.map(({ id, spec, title, risk, engines, calls, undo }) => ({
      ...{ id, spec, title, risk, engines },
      calls: calls.map((call) => `rds:${call}`),
      undo,
    })),
  };
}

export const catalogue: Command = {
  summary: "Lists every probe, rule and action with its id in the specification",
  usage: "responder catalogue [--format text|json]",
  options: { format: { type: "string" } },
  run: async (options, io) => {
    const all = entries();
    if (choice(options, "format", ["text", "json"], "text") === "json") {
      io.out(JSON.stringify(all, null, 2));
      return exitCodes.healthy;
    }
    const line = (id: string, spec: readonly string[], extra: string, title: string): string =>
      `  ${id.padEnd(36)}${spec.join(" ").padEnd(10)}${extra.padEnd(22)}${title}`;
    io.out("Context (from AWS, without touching the database)");
    for (const source of all.context) io.out(line(source.id, source.spec, "", source.title));
    io.out("\nProbes");
    for (const probe of all.probes) {
      io.out(line(probe.id, probe.spec, probe.engines.join(" "), probe.title));
    }
    io.out("\nRules");
    for (const rule of all.rules) io.out(line(rule.id, rule.spec, rule.category, rule.title));
    io.out("\nActions");
    for (const action of [...all.actions, ...all.awsActions])
      io.out(line(action.id, action.spec, action.risk, action.title));
    return exitCodes.healthy;
  },
};
