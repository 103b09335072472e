import * as z from "zod";
import { databaseOffers } from "../../functions/core/actions/offers.ts";
import { carryOut, type Wanted } from "../cli/carry-out.ts";
import { type Command, choice, type Options, textOption, UsageError } from "../cli/command.ts";
import { databaseFromUrl, type NamedDatabase } from "../cli/database-url.ts";

export const act: Command = {
  summary: "Does one thing to a database, by the same guards as in an incident, after asking",
  usage: [
    "responder act ACTION --url URL --input JSON [--dry-run] [--yes] [--format text|json] [--ca FILE]",
    "",
    `  ACTION    one of ${databaseOffers.map(({ id }) => id).join(", ")}`,
    '  --input   what it is done to, for example \'{"schema": "public", "name": "orders"}\'',
    "  --dry-run looks whether it could be done, and does nothing",
    "  --yes     does not ask",
    "",
    "exit code: 0 done or not needed any more, 1 not done or not proved, 2 usage, 3 could not connect, 4 refused by a guard",
  ].join("\n"),
  positional: "action",
  options: {
    action: { type: "string" },
    url: { type: "string" },
    input: { type: "string" },
    "dry-run": { type: "boolean" },
    yes: { type: "boolean" },
    format: { type: "string" },
    ca: { type: "string" },
  },
  run: async (options, io) => {
    const format = choice(options, "format", ["text", "json"], "text");
    const database = databaseOf(options);
    const wanted = wantedOf(options, database);
    return carryOut(
      wanted,
      database,
      { dryRun: options["dry-run"] === true, yes: options["yes"] === true, format },
      io,
    );
  },
};

export function databaseOf(options: Options): NamedDatabase {
  const url = textOption(options, "url") ?? process.env["RESPONDER_URL"];
  if (url === undefined) throw new UsageError("--url is missing");
  return databaseFromUrl(url, textOption(options, "ca"));
}

function wantedOf(options: Options, { target }: NamedDatabase): Wanted {
  const id = textOption(options, "action");
  const offer = databaseOffers.find((known) => known.id === id);
  if (offer === undefined) throw new UsageError(`there is no action ${id ?? "named"}`);
  if (!offer.engines.includes(target.engine))
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
