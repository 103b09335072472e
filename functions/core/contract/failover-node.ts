import * as z from "zod";
import { settingsSchema } from "../settings.ts";
import { targetSchema } from "./target.ts";

/** What is handed into the VPC, where nothing but the database can be asked. */
export const nodeLookOrderSchema = z.object({
  target: targetSchema,
  settings: settingsSchema,
  /** Ids of the nodes of its group. Absent: of nobody else is known that he is of it. */
  group: z.array(z.string()).max(64).exactOptional(),
  /** Nobody waits for the answer longer: a function that asked on would keep its place from a look that is waited for. */
  withinMs: z.number().int().positive().exactOptional(),
});
export type NodeLookOrder = z.infer<typeof nodeLookOrderSchema>;

export const nodeFenceOrderSchema = z.object({
  run: z.string().min(1),
  target: targetSchema,
  settings: settingsSchema,
  group: z.array(z.string()).max(64).exactOptional(),
  turn: z.enum(["fence", "unfence"]),
  /** The lock cannot be asked from inside the VPC: an order that is late does nothing. ISO time. */
  expiresAt: z.string(),
});
export type NodeFenceOrder = z.infer<typeof nodeFenceOrderSchema>;

/** "refused": nothing was done; "unknown": it may have been. */
export const nodeFenceOutcomeSchema = z.object({
  is: z.enum(["done", "refused", "unknown"]),
  says: z.string().nullable(),
});
export type NodeFenceOutcome = z.infer<typeof nodeFenceOutcomeSchema>;
