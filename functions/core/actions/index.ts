import { cancelQuery } from "./cancel-query.ts";
import { terminateSession } from "./terminate-session.ts";

/** Everything the responder can do to a database, least harm first. */
export const databaseActions = [cancelQuery, terminateSession] as const;
