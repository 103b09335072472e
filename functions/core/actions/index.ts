import { cancelQuery } from "./database/cancel-query.ts";
import { terminateSession } from "./database/terminate-session.ts";

/** Everything the responder can do to a database, least harm first. */
export const databaseActions = [cancelQuery, terminateSession] as const;
