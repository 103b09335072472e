import { eventRecounts } from "../faults/event-recounts.ts";

export const scenario = eventRecounts(
  "mysql",
  "An event recounts the stock in one long statement every two minutes: every sale waits for its rows",
  ["recount_stock"],
);
