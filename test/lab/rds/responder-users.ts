import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import type { Engine } from "../engines/lab-server.ts";
import { once } from "./session.ts";
import type { Database } from "./world/database.ts";

/** As `responder grants` prints it. */
export const responderPassword = "choose-one";

/** The responder's own users, by the scripts that ship, as RDS's master user runs them; replicas have them with the rest. */
export async function createResponderUsers(engine: Engine, { node, endpoint }: Database): Promise<void> {
  const own = { host: "127.0.0.1", port: node.port() ?? 0 };
  const grants = (["probe", "act"] as const).map((role) =>
    grantScript({ engine, role, auth: "password", ...(role === "act" ? { failover: true } : {}) }),
  );
  if (engine === "postgres") {
    // On RDS this one belongs to the master user.
    await once(engine, own, "rdsadmin", ["alter database postgres owner to admin"]);
    await once(engine, endpoint, "admin", grants);
    return;
  }
  await once(engine, own, "rdsadmin", grants);
}
