import * as z from "zod";
import { type InteractionRequest, rawBodyOf } from "./interaction.ts";
import { escapeWithin } from "./mrkdwn-text.ts";

export interface SlashRequest {
  readonly text: string;
  readonly by: string;
  readonly requestId: string;
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const formSchema = z.object({
  command: z.string().regex(/^\/\S+$/),
  text: z.string().max(4000).default(""),
  user_id: z.string().min(1),
  trigger_id: z.string().min(1),
});

/** A command typed in Slack; null: the request is none (a click is sent in a field of its own, `payload`). */
export function parseSlashCommand(request: InteractionRequest): SlashRequest | null {
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(rawBodyOf(request))));
  if (!form.success) return null;
  const { text, user_id: by, trigger_id: requestId } = form.data;
  return { text, by, requestId };
}

/** The body of an answer that only the person who asked sees. */
export function ephemeralBody(says: string): string {
  return JSON.stringify({ response_type: "ephemeral", text: escapeWithin(says, 4000) });
}
