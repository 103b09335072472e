import { eventRecounts } from "../faults/event-recounts.ts";

export const scenario = eventRecounts(
  "mariadb",
  "One of two events that run the same statement recounts the stock: which of them it is nobody can tell",
  ["recount_shop", "recount_store"],
);
