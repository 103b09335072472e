import { cancelQueryOffer } from "../../functions/core/actions/database/cancel-query.ts";
import { terminateSessionOffer } from "../../functions/core/actions/database/terminate-session.ts";
import { sessionTargetOf } from "../../functions/core/actions/signals/session-target.ts";
import { carryOut } from "../cli/carry-out.ts";
import { type Command, exitCodes, textOption, UsageError } from "../cli/command.ts";
import { doingOptions, doingUsage, howOf } from "../cli/doing-options.ts";
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
    ...doingUsage,
  ].join("\n"),
  options: {
    ...doingOptions,
    session: { type: "string" },
    cancel: { type: "boolean" },
  },
  run: async (options, io) => {
    const how = howOf(options);
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
    return carryOut(wanted, placeAt(database), how, io);
  },
};
