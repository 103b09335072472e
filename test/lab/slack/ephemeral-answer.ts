import * as z from "zod";
import type { ChannelState } from "./channel-state.ts";

const answerSchema = z.object({
  response_type: z.literal("ephemeral"),
  replace_original: z.boolean().optional(),
  text: z.string().min(1).max(40_000),
});

/** What an app says to one person by response_url; HTTP status of it. Path: /response/<channel>/<ts>/<user>. */
export function answerOf(state: ChannelState, path: readonly string[], body: string): number {
  const [, , channel = "", ts = "", user = ""] = path;
  const message = state.find(channel, ts);
  if (message === null) return 404;
  const parsed = answerSchema.safeParse(jsonOf(body));
  if (!parsed.success) return 400;
  const threadTs = message.threadTs ?? message.ts;
  state.add({ channel, threadTs, text: parsed.data.text, blocks: [], onlyFor: user });
  return 200;
}

/** What an app answers to a command itself: one body of the same shape. */
export function showAnswer(
  state: ChannelState,
  { channel, user }: { readonly channel: string; readonly user: string },
  { status, body }: { readonly status: number; readonly body: string },
): void {
  const parsed = answerSchema.safeParse(jsonOf(body));
  const text = parsed.success ? parsed.data.text : `/db failed (HTTP ${status})`;
  state.add({ channel, threadTs: null, text, blocks: [], onlyFor: user });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
