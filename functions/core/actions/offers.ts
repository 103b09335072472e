import { cancelQueryOffer } from "./database/cancel-query.ts";
import { terminateSessionOffer } from "./database/terminate-session.ts";

/** What can be proposed of databaseActions, in their order. */
export const databaseOffers = [cancelQueryOffer, terminateSessionOffer] as const;
