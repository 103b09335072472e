import { readFileSync } from "node:fs";
import * as z from "zod";
import { awsOffers, databaseOffers } from "../../functions/core/actions/offers.ts";
import { type Undo, undoSchema } from "../../functions/core/contract/work-order.ts";
import { AwsError } from "../../functions/core/errors.ts";
import { visible } from "../../functions/core/text/visible.ts";
import type { Wanted } from "../cli/carry-out.ts";
import { type Command, exitCodes, textOption, UsageError } from "../cli/command.ts";
import { settingsParameter } from "../cli/deployed-settings.ts";
import { doingOptions, doingUsage, howOf } from "../cli/doing-options.ts";
import { type Place, placeAt } from "../cli/place.ts";
import { inWords, type KnownPlace, placeSchema, sameInstance, samePlace } from "../cli/same-place.ts";
import { carriedOut, databaseOf, onAws } from "./act.ts";

export const undo: Command = {
  summary: "Takes back what was done, by the same guards as in an incident, after asking",
  usage: [
    "responder undo FILE --url URL [--action KEY] [--dry-run] [--yes] [--format text|json] [--ca FILE]",
    "responder undo FILE --database NAME [--region REGION] [--settings PARAMETER] [--action KEY] [--dry-run] [--yes] [--format text|json]",
    "",
    "  FILE      what act or fix printed with --format json, or an incident as it is stored",
    "  --url     the database in which it was done: another is refused",
    "  --database its identifier in RDS, for what was done on AWS; with your own AWS credentials, and only with the tag",
    "  --region  where it is; AWS_REGION when left out",
    `  --settings the deployment's SSM parameter; ${settingsParameter} when left out`,
    "  --action  the key of the action that is meant, where there are several",
    ...doingUsage,
  ].join("\n"),
  positional: "file",
  options: {
    ...doingOptions,
    file: { type: "string" },
    action: { type: "string" },
    database: { type: "string" },
    region: { type: "string" },
    settings: { type: "string" },
  },
  run: async (options, io) => {
    const how = howOf(options);
    const file = textOption(options, "file");
    if (file === undefined) throw new UsageError("the file is missing");
    const done = chosen(file, textOption(options, "action"));
    const isOnAws = awsOffers.some(({ id }) => id === done.undo.actionId);
    const place = isOnAws ? await onAws(options) : placeAt(databaseOf(options));
    if (place instanceof AwsError) {
      io.err(visible(`RDS could not be asked (${place.code}: ${place.message})`));
      return exitCodes.notConnected;
    }
    const wanted = wantedOf(done.undo, place);
    const other = elsewhere(done, place, isOnAws);
    if (other !== null) {
      io.err(visible(`Not done: ${other}`));
      return exitCodes.refused;
    }
    return carriedOut(wanted, place, how, io);
  },
};

const outcomeSchema = z.object({ actionKey: z.string(), undo: undoSchema.optional() });

const place = { target: placeSchema.optional() };
const incidentOutcomeSchema = z.object({
  database: z.string().optional(),
  outcome: outcomeSchema.nullable(),
});

interface Done extends z.infer<typeof outcomeSchema> {
  /** Where it was done; undefined: the file does not say. */
  readonly where: KnownPlace | undefined;
}

/** What act prints, what fix prints, an incident. */
const fileSchema = z.union([
  z
    .object({ ...place, outcome: outcomeSchema })
    .transform(({ target, outcome }): Done[] => [{ ...outcome, where: target }]),
  z
    .object({ ...place, steps: z.array(z.object({ outcome: outcomeSchema })) })
    .transform(({ target, steps }): Done[] => steps.map(({ outcome }) => ({ ...outcome, where: target }))),
  z
    .object({ ...place, actions: z.array(incidentOutcomeSchema) })
    .transform(({ target, actions }): Done[] =>
      actions.flatMap(({ outcome, database }) =>
        outcome === null ? [] : [{ ...outcome, where: placeOf(target, database) }],
      ),
    ),
]);

function placeOf(target: KnownPlace | undefined, name: string | undefined): KnownPlace | undefined {
  return target === undefined || name === undefined || name === target.name
    ? target
    : { ...target, name, host: null };
}

/** Null: it was done there. The same names are in many databases, and the undo would find its objects in each. */
function elsewhere({ where }: Done, { target }: Place, isOnAws: boolean): string | null {
  if (where === undefined) return "The file does not say in which database it was done.";
  if (isOnAws ? sameInstance(where, target) : samePlace(where, target)) return null;
  const named = isOnAws
    ? `--database names ${target.name} (${target.host})`
    : `--url names ${inWords(target)}`;
  return `It was done in ${inWords(where)} (${where.name}), and ${named}.`;
}

function chosen(file: string, key: string | undefined): Done & { readonly undo: Undo } {
  const all = outcomesIn(file).filter(({ actionKey }) => key === undefined || actionKey === key);
  const found = all.flatMap((done) => (done.undo === undefined ? [] : [{ ...done, undo: done.undo }]));
  const [first, ...more] = found;
  if (first === undefined)
    throw new UsageError(
      `${file} holds nothing that can be taken back${key === undefined ? "" : ` by the key ${key}`}`,
    );
  if (more.length > 0)
    throw new UsageError(
      `name one with --action:\n${found.map(({ actionKey }) => `  ${actionKey}`).join("\n")}`,
    );
  return first;
}

function outcomesIn(file: string): readonly Done[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new UsageError(`${file} cannot be read, or is none of these`);
  }
}

function wantedOf({ actionId, input }: Undo, { target }: Place): Wanted {
  const offer =
    databaseOffers.find(({ id }) => id === actionId) ?? awsOffers.find(({ id }) => id === actionId);
  const offered = offer?.offer(input, target);
  if (
    offer === undefined ||
    offered?.kind !== "offered" ||
    !offer.engines.some((engine) => engine === target.engine)
  )
    throw new UsageError(`${actionId} is nothing that can be done to ${target.engine}`);
  return { id: offer.id, risk: offer.risk, ...offered };
}
