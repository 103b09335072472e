import * as z from "zod";
import { awsOffers, databaseOffers } from "../../functions/core/actions/offers.ts";
import { AwsError } from "../../functions/core/errors.ts";
import { carryOut, type Wanted } from "../cli/carry-out.ts";
import {
  type Command,
  type ExitCode,
  exitCodes,
  type Options,
  textOption,
  UsageError,
} from "../cli/command.ts";
import { databaseFromUrl, type NamedDatabase } from "../cli/database-url.ts";
import { settingsParameter } from "../cli/deployed-settings.ts";
import { doingOptions, doingUsage, howOf } from "../cli/doing-options.ts";
import { type Place, placeAt } from "../cli/place.ts";
import { placeOnAws } from "../cli/place-on-aws.ts";

export const act: Command = {
  summary: "Does one thing to a database, by the same guards as in an incident, after asking",
  usage: [
    "responder act ACTION --url URL --input JSON [--dry-run] [--yes] [--format text|json] [--ca FILE]",
    "responder act ACTION --database NAME [--region REGION] [--settings PARAMETER] --input JSON [--dry-run] [--yes] [--format text|json]",
    "",
    `  ACTION    in a database (--url): ${databaseOffers.map(({ id }) => id).join(", ")}`,
    `            on AWS (--database): ${awsOffers.map(({ id }) => id).join(", ")}`,
    "  --database its identifier in RDS; changed with your own AWS credentials, and only with the tag rds-responder:change=allowed",
    "  --region  where it is; AWS_REGION when left out",
    `  --settings the deployment's SSM parameter, whose limits hold by hand, too; ${settingsParameter} when left out`,
    '  --input   what it is done to, for example \'{"schema": "public", "name": "orders"}\'',
    ...doingUsage,
  ].join("\n"),
  positional: "action",
  options: {
    ...doingOptions,
    action: { type: "string" },
    database: { type: "string" },
    region: { type: "string" },
    settings: { type: "string" },
    input: { type: "string" },
  },
  run: async (options, io) => {
    const how = howOf(options);
    const id = textOption(options, "action");
    const place = awsOffers.some((offer) => offer.id === id)
      ? await onAws(options)
      : placeAt(databaseOf(options));
    if (place instanceof AwsError) {
      io.err(`RDS could not be asked (${place.code}: ${place.message})`);
      return exitCodes.notConnected;
    }
    return carriedOut(wantedOf(options, place), place, how, io);
  },
};

/** As carryOut; that RDS cannot be asked is told. */
export async function carriedOut(...args: Parameters<typeof carryOut>): Promise<ExitCode> {
  try {
    return await carryOut(...args);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const [, , , io] = args;
    io.err(`Not done: RDS could not be asked (${error.code}: ${error.message})`);
    return exitCodes.notConnected;
  }
}

/** The database that --database names. */
export async function onAws(options: Options): Promise<Place | AwsError> {
  const name = textOption(options, "database");
  if (name === undefined) throw new UsageError("--database is missing: this is done on AWS");
  const region = textOption(options, "region") ?? process.env["AWS_REGION"];
  if (region === undefined) throw new UsageError("--region is missing");
  try {
    return await placeOnAws(name, region, textOption(options, "settings") ?? settingsParameter);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

export function databaseOf(options: Options): NamedDatabase {
  const url = textOption(options, "url") ?? process.env["RESPONDER_URL"];
  if (url === undefined) throw new UsageError("--url is missing");
  return databaseFromUrl(url, textOption(options, "ca"));
}

function wantedOf(options: Options, { target }: Place): Wanted {
  const id = textOption(options, "action");
  const offer = databaseOffers.find((known) => known.id === id) ?? awsOffers.find((known) => known.id === id);
  if (offer === undefined) throw new UsageError(`there is no action ${id ?? "named"}`);
  if (!offer.engines.some((engine) => engine === target.engine))
    throw new UsageError(`${offer.id} does not exist for ${target.engine}`);
  const offered = offer.offer(inputOf(options), target);
  if (offered.kind === "not-one") {
    throw new UsageError(`--input is not one of ${offer.id}:\n${offered.why}`);
  }
  return { id: offer.id, risk: offer.risk, ...offered };
}

function inputOf(options: Options): unknown {
  const text = textOption(options, "input");
  if (text === undefined) throw new UsageError("--input is missing");
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    throw new UsageError(`--input is no JSON: ${text.slice(0, 80)}`);
  }
}
