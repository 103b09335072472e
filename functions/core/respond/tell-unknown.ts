import type { UnknownDatabase } from "../contract/workflow.ts";
import { ResponderError } from "../errors.ts";
import { unknownDatabaseMessage } from "../messages/unknown-database-message.ts";
import type { Deps } from "./deps.ts";

/**
 * Says in the channel that an alarm names no known database (S10). Throws when the message is certainly not out, to be
 * tried again. One that may be out is not sent again: the alarm is also kept as a dead letter, and a channel that is
 * told one thing ten times is no longer read.
 */
export async function tellUnknown(
  { signal, reason }: UnknownDatabase,
  { settings, chat, log }: Pick<Deps, "settings" | "chat" | "log">,
): Promise<{ readonly signal: string }> {
  const { slack } = await settings.read();
  const message = unknownDatabaseMessage(signal, reason);
  const sent = await chat.post(message, { channel: slack.channel, thread: null });
  if (sent.kind === "not-sent") {
    log.warn("message.not-sent", {
      signal: signal.id,
      reason: sent.reason,
      mayHaveArrived: sent.mayHaveArrived,
    });
    log.metric("MessagesNotSent", 1, "Count");
    if (sent.mayHaveArrived) return { signal: signal.id };
    throw new ResponderError(`the message about alarm ${signal.name} was not sent: ${sent.reason}`);
  }
  return { signal: signal.id };
}
