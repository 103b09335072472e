import { describe, expect, it } from "vitest";
import type { Chat } from "../../../functions/core/chat-port.ts";
import { announce } from "../../../functions/core/respond/announce.ts";
import { anIncident, secondsLater } from "../../support/incident-builder.ts";
import { channelOf, chapter } from "./announce-support.ts";

/** Dies before its `fatal`-th post goes out, like a function that is stopped there. */
function dyingAt(chat: Chat, fatal: number): Chat {
  let posts = 0;
  return {
    ...chat,
    post: async (...args) => {
      posts += 1;
      if (posts === fatal) throw new Error("killed");
      return chat.post(...args);
    },
  };
}

const manyNotes = anIncident({
  timeline: Array.from({ length: 12 }, (_, at) => ({
    ...{ key: `note#${at}`, at: secondsLater(at), kind: "note" as const },
    says: `note ${at}`,
  })),
});

describe("the announcement of an incident", () => {
  it.each([1, 2, 3, 4])("Q3 posts nothing twice when it dies at post %i and runs again", async (fatal) => {
    const { incident } = chapter("resolved");
    const { deps, texts } = await channelOf(incident);
    await expect(announce(incident.id, { ...deps, chat: dyingAt(deps.chat, fatal) })).rejects.toThrow(
      "killed",
    );
    await announce(incident.id, deps);
    expect(texts().length).toBeGreaterThan(3);
    expect(new Set(texts()).size).toBe(texts().length);
  });

  it("C2 stops before its function would be stopped, however much there is to tell, and goes on with the next step", async () => {
    const { deps, chat, clock, texts } = await channelOf(manyNotes);
    chat.behave({ kind: "slow", ms: 5000 });
    const started = clock.now();
    let endedAt = Number.POSITIVE_INFINITY;
    const told = announce(manyNotes.id, deps).then(() => {
      endedAt = clock.now();
    });
    for (let second = 0; second < 120; second += 1) await clock.advance(1000);
    await told;
    expect(endedAt - started).toBeLessThanOrEqual(35_000);
    const first = texts().length;
    expect(first).toBeGreaterThan(2);
    expect(first).toBeLessThan(13);

    chat.behave({ kind: "well" });
    await announce(manyNotes.id, deps);
    expect(texts()).toHaveLength(13);
    expect(new Set(texts()).size).toBe(13);
  });

  it("C2 leaves the newest state on a card that somebody else changed while its edit was under way", async () => {
    const { incident } = chapter("approval asked");
    const { deps, chat, happen } = await channelOf(incident);
    await announce(incident.id, deps);
    await happen(chapter("approved").incident);
    let raced = false;
    const slow: Chat = {
      ...chat,
      update: async (message, receipt) => {
        if (message.kind === "approval-request" && !raced) {
          raced = true;
          // Meanwhile the machine acts and tells of it, and its edit arrives first.
          await happen(chapter("done").incident);
          await announce(incident.id, deps);
        }
        return chat.update(message, receipt);
      },
    };
    await announce(incident.id, { ...deps, chat: slow }, { editsOnly: true });
    const card = chat.messages.find(({ message }) => message.kind === "approval-request");
    expect(raced).toBe(true);
    expect(card?.history.length).toBeGreaterThan(1);
    expect(JSON.stringify(card?.message)).not.toMatch(/being carried out now/);
    expect(JSON.stringify(card?.message)).toContain("4242 is gone");
  });

  it("C2 leaves a root message that tells the incident as it is saved, not as it was read", async () => {
    const { incident } = chapter("approval asked");
    const { deps, chat, happen } = await channelOf(incident);
    await announce(incident.id, deps);
    let raced = false;
    const slow: Chat = {
      ...chat,
      update: async (...args) => {
        const sent = await chat.update(...args);
        if (!raced) {
          raced = true;
          await happen(chapter("resolved").incident);
        }
        return sent;
      },
    };
    await announce(incident.id, { ...deps, chat: slow });
    expect(chat.messages[0]?.message.status).toBe("Resolved");
  });

  it("C2 posts nothing when it is to edit only, so that of two at once only one posts", async () => {
    const { incident } = chapter("alarm");
    const { deps, chat, happen, texts } = await channelOf(incident);
    await announce(incident.id, deps, { editsOnly: true });
    expect(texts()).toEqual([]);
    await announce(incident.id, deps);
    const before = texts().length;
    await happen(chapter("done").incident);
    await announce(incident.id, deps, { editsOnly: true });
    expect(texts()).toHaveLength(before);
    expect(chat.messages[0]?.history).not.toEqual([]);
  });

  it("C2 begins nothing more once its signal strikes", async () => {
    const { deps, chat } = await channelOf(manyNotes);
    const cut = new AbortController();
    chat.onChange(() => {
      if (chat.messages.length === 3) cut.abort();
    });
    await announce(manyNotes.id, deps, { signal: cut.signal });
    expect(chat.messages).toHaveLength(3);
  });
});
