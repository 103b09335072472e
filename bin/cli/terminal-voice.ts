import type { Voice } from "../../functions/core/failover/ports.ts";
import { renderText } from "../../functions/core/messages/text.ts";

/** Tells a run where it is driven. Nobody else is asked: whoever sits there has agreed before it began. */
export function createTerminalVoice(say: (text: string) => void): Voice {
  return {
    tell: async (message, thread) => {
      say(message.headline);
      // What is written into the run as its thread the sweeper posts to, weeks later: a terminal is none.
      return thread;
    },
    announce: async ({ message }) => say(renderText(message)),
    ask: async ({ message }) => say(renderText(message)),
    approval: async () => null,
  };
}
