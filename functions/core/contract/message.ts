import * as z from "zod";
import { severitySchema } from "./finding.ts";

/** Plain text everywhere: escaping and layout belong to the channel that renders it. */
export const buttonSchema = z.object({
  id: z.enum(["approve", "decline", "undo"]),
  label: z.string(),
  style: z.enum(["primary", "danger", "plain"]),
  /** Opaque reference of what the button decides; never a token or a secret. */
  value: z.string(),
  /** Asked before the click counts. */
  confirm: z.string().nullable(),
});

export const messageSectionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({
    kind: z.literal("fields"),
    fields: z.array(z.object({ label: z.string(), value: z.string() })),
  }),
  z.object({ kind: z.literal("list"), title: z.string(), items: z.array(z.string()) }),
  z.object({ kind: z.literal("code"), title: z.string(), code: z.string() }),
  z.object({ kind: z.literal("note"), text: z.string() }),
]);
export type MessageSection = z.infer<typeof messageSectionSchema>;

/** One message of the responder, the same for Slack, terminal and report. */
export const messageSchema = z.object({
  schema: z.literal("message.v1"),
  kind: z.enum(["alert", "update", "approval-request", "action-result", "escalation", "resolution"]),
  incidentId: z.string(),
  /** One line; also what a phone's notification shows. */
  headline: z.string(),
  severity: severitySchema.nullable(),
  status: z.string(),
  sections: z.array(messageSectionSchema),
  buttons: z.array(buttonSchema),
});
export type Message = z.infer<typeof messageSchema>;
