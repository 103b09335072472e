import { cancelQueryOffer } from "../../functions/core/actions/database/cancel-query.ts";
import { terminateSessionOffer } from "../../functions/core/actions/database/terminate-session.ts";
import { sessionTargetOf } from "../../functions/core/actions/signals/session-target.ts";
import { carryOut } from "../cli/carry-out.ts";
import { type Command, choice, exitCodes, textOption, UsageError } from "../cli/command.ts";
import { placeAt } from "../cli/place.ts";
import { sessionAt } from "../cli/session-at.ts";
import { databaseOf } from "./act.ts";

export const kill: Command = {
  summary: "Ends one session, or cancels its statement, by the same guards as in an incident, after asking",
  usage: [
    "responder kill --url URL --session ID [--cancel] [--dry-run] [--yes] [--format text|json] [--ca FILE]",
    "",
    "  --session pid of PostgreSQL, process list id of MySQL and MariaDB",
    "  --cancel  cancels the running statement and leaves the connection alone",
    "  --dry-run looks whether it could be done, and does nothing",
    "  --yes     does not ask",
    "",
    "exit code: 0 done or not needed any more, 1 not done or not proved, 2 usage, 3 could not connect, 4 refused by a guard",
  ].join("\n"),
  options: {
    url: { type: "string" },
    session: { type: "string" },
    cancel: { type: "boolean" },
    "dry-run": { type: "boolean" },
    yes: { type: "boolean" },
    format: { type: "string" },
    ca: { type: "string" },
  },
  run: async (options, io) => {
    const format = choice(options, "format", ["text", "json"], "text");
    const id = Number(textOption(options, "session") ?? Number.NaN);
    if (!Number.isSafeInteger(id) || id <= 0)
      throw new UsageError("--session must be the number of a session");
    const database = databaseOf(options);
    const session = await sessionAt(database, id);
    if (session === "not-connected") {
      io.err(`${database.target.host} could not be reached`);
      return exitCodes.notConnected;
    }
    if (session === null) {
      io.out(`There is no session ${id}: nothing to do.`);
      return exitCodes.healthy;
    }
    const offer = options["cancel"] === true ? cancelQueryOffer : terminateSessionOffer;
    // A person has named it: what is an administrator's is ended, too.
    const input = sessionTargetOf(session, null, { actOnAdministrators: true });
    const wanted = {
      ...{ id: offer.id, risk: offer.risk, input, key: offer.key(input) },
      ...{ preview: offer.preview(input, database.target), describes: offer.describes(input) },
    };
    return carryOut(
      wanted,
      placeAt(database),
      { dryRun: options["dry-run"] === true, yes: options["yes"] === true, format },
      io,
    );
  },
};
