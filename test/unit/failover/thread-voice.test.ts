import { describe, expect, it } from "vitest";
import { createTerminalVoice } from "../../../bin/cli/terminal-voice.ts";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryChat } from "../../../functions/adapters/memory/memory-chat.ts";
import { runs as memoryRuns } from "../../../functions/adapters/memory/memory-failover-records.ts";
import type { Chat } from "../../../functions/core/chat-port.ts";
import { dutyMessage, endMessage } from "../../../functions/core/failover/messages.ts";
import { createThreadVoice } from "../../../functions/core/failover/thread-voice.ts";
import { aRun, noon } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

/** As runs were stored that had begun in place. */
const nowhere = { channel: "terminal", ts: "0", permalink: null };
const run = { ...aRun({ thread: nowhere }), revision: 0 };
const message = dutyMessage(run, "orders-db is back", "x");

/** A channel that knows no other thread than its own. */
async function voiceIn(reason: string) {
  const { world, clock } = createFailoverWorld(0);
  const memory = createMemoryChat({ clock });
  const refused = { kind: "not-sent", reason, retryAfterMs: null, mayHaveArrived: false } as const;
  const chat: Chat = {
    ...memory,
    post: async (said, to, signal) =>
      to.thread?.channel === "terminal" ? refused : memory.post(said, to, signal),
  };
  const runs = memoryRuns(world);
  await runs.save(run);
  const log = createCollectingLog();
  return { ...memory, runs, voice: createThreadVoice({ chat, runs, clock, log, channel: async () => "C1" }) };
}

describe("a run whose thread is not to be had", () => {
  it.each(["channel_not_found", "thread_not_found", "is_archived"])(
    "F6 is heard of in the channel where its thread answers %s, and goes on in the thread that this begins",
    async (code) => {
      const { voice, messages } = await voiceIn(`Slack said ${code}`);
      const thread = await voice.tell(message, nowhere);
      expect(thread).toMatchObject({ channel: "C1", ts: messages[0]?.receipt.ts });
    },
  );

  it("F6 has its end told there, and its card", async () => {
    const { voice, messages, runs } = await voiceIn("Slack said channel_not_found");
    const stamp = { run: run.id, token: 7, effect: 1 };
    const said = { key: "x", stamp, message: endMessage(run, noon) };
    await voice.announce({ ...said, kind: "announce" });
    await voice.ask({ ...said, kind: "ask" });
    expect(messages).toHaveLength(2);
    expect((await runs.get(run.id))?.approval?.card?.ts).toBe(messages[1]?.receipt.ts);
  });

  it("F6 is not posted anew where Slack is only too busy: it may be there", async () => {
    const { voice, messages } = await voiceIn("Slack said internal_error");
    expect(await voice.tell(message, nowhere)).toBeNull();
    expect(messages).toEqual([]);
  });
});

describe("a run that is told in a terminal", () => {
  it("F6 has no thread, and none is written into it", async () => {
    const said: string[] = [];
    const voice = createTerminalVoice((text) => said.push(text));
    expect(await voice.tell(message, null)).toBeNull();
    expect(said).toEqual(["orders-db is back"]);
  });
});
