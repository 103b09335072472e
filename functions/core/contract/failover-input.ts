import * as z from "zod";
import { faultsOf, invalidInput } from "./parse-input.ts";

const example = { database: "orders-db", reason: "primary down since 03:12, checkout fails" };

/** A candidate that lags more is held. */
export const usualLagSeconds = 30;

/** SPEC F1. `force` names the vetoes that are overridden; `true`: every one that can be. */
export const failoverInputSchema = z.strictObject({
  database: z.string().min(1, "name the database, as RDS does"),
  reason: z.string().min(1, "say why: it stands in the thread and in the audit").max(500),
  candidate: z.string().min(1).optional(),
  kind: z.enum(["planned", "unplanned"]).default("unplanned"),
  dryRun: z.boolean().default(false),
  force: z.union([z.boolean(), z.array(z.string()).max(40)]).default(false),
  maxLagSeconds: z.number().nonnegative().max(86_400).default(usualLagSeconds),
});
export type FailoverInput = z.infer<typeof failoverInputSchema>;

/** What somebody typed at the worst moment: the error names the field and shows an input that would be right. */
export function parseFailoverInput(input: unknown): FailoverInput {
  const parsed = failoverInputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(faultsOf(parsed.error, ""), example);
}
