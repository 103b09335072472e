import { grantScript } from "../../functions/core/grants/grant-script.ts";
import { type Command, choice, exitCodes, textOption, UsageError } from "../cli/command.ts";

export const grants: Command = {
  summary: "Prints the exact GRANT script for the probing and the acting database user",
  usage: [
    "responder grants --engine postgres|mysql|mariadb [--role probe|act] [--user NAME] [--auth iam|password] [--objects NAME] [--self-managed] [--failover]",
    "",
    "  --role   probe: only looks; act: may also end sessions. Both when left out",
    "  --user   name of the database user; rds_responder and rds_responder_act when left out",
    "  --auth   how it signs in; iam when left out",
    "  --objects  whose tables and indexes act may look after, too: the role that owns them (PostgreSQL), the schema (others)",
    "  --self-managed   for a server of your own, without the procedures of RDS",
    "  --failover   also what it takes to fence a primary that is failed over, and to see that it is",
  ].join("\n"),
  options: {
    engine: { type: "string" },
    role: { type: "string" },
    user: { type: "string" },
    auth: { type: "string" },
    objects: { type: "string" },
    "self-managed": { type: "boolean" },
    failover: { type: "boolean" },
  },
  run: async (options, io) => {
    if (textOption(options, "engine") === undefined) throw new UsageError("--engine is missing");
    const engine = choice(options, "engine", ["postgres", "mysql", "mariadb"], "postgres");
    const role = choice(options, "role", ["probe", "act", "both"], "both");
    const auth = choice(options, "auth", ["iam", "password"], "iam");
    const flavour = options["self-managed"] === true ? "self-managed" : "rds";
    const failover = options["failover"] === true;
    const user = textOption(options, "user");
    if (user !== undefined && !/^[a-z_][a-z0-9_]{0,31}$/.test(user)) {
      throw new UsageError(
        "--user must be 1 to 32 lower-case letters, digits and underscores, not beginning with a digit",
      );
    }
    const objects = textOption(options, "objects");
    const roles = role === "both" ? (["probe", "act"] as const) : [role];
    io.out(
      roles
        .map((one) =>
          grantScript({
            ...{ engine, role: one, auth, flavour, failover },
            ...(user === undefined ? {} : { user }),
            ...(objects === undefined ? {} : { objects }),
          }),
        )
        .join("\n"),
    );
    return exitCodes.healthy;
  },
};
