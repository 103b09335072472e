import { messageOf } from "../../core/errors.ts";
import type { Chat, ChatResult } from "../../core/ports.ts";

/**
 * A channel that is set up by its first message. What it takes (settings, a secret) may not be readable just then: that
 * is a message not sent, tried again with the next one, and no step of an incident fails for it.
 */
export function createChatOnDemand(make: () => Promise<Chat>): Chat {
  let made: Promise<Chat> | null = null;
  const withChat = async (send: (chat: Chat) => Promise<ChatResult>): Promise<ChatResult> => {
    made ??= make();
    try {
      return await send(await made);
    } catch (error) {
      made = null;
      return {
        kind: "not-sent",
        reason: `the channel is not set up: ${messageOf(error)}`,
        retryAfterMs: null,
      };
    }
  };
  return {
    post: (message, to, signal) => withChat((chat) => chat.post(message, to, signal)),
    update: (message, receipt, signal) => withChat((chat) => chat.update(message, receipt, signal)),
  };
}
