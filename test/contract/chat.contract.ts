import { expect, it } from "vitest";
import type { Chat } from "../../functions/core/chat-port.ts";
import type { Message } from "../../functions/core/contract/message.ts";

export interface ChatUnderTest {
  readonly chat: Chat;
  readonly channel: string;
  /** Headlines that stand in the channel. */
  headlines(): readonly string[];
  /** refusing: says no at once; silent: does what it was asked and does not answer in time. */
  behave(mood: "well" | "refusing" | "rate-limited" | "silent"): void;
}

export function chatContract(make: () => Promise<ChatUnderTest>): void {
  it("C2 posts, and edits in place", async () => {
    const { chat, channel, headlines } = await make();
    const sent = await chat.post(aMessage("first"), { channel, thread: null });
    if (sent.kind === "not-sent") throw new Error(sent.reason);
    expect(headlines()).toEqual(["first"]);
    expect((await chat.update(aMessage("second"), sent.receipt)).kind).toBe("sent");
    expect(headlines()).toEqual(["second"]);
  });

  it.each(["refusing", "rate-limited"] as const)(
    "C2 says of a message that a %s channel did not take that it is certainly not there",
    async (mood) => {
      const { chat, channel, headlines, behave } = await make();
      behave(mood);
      const sent = await chat.post(aMessage("x"), { channel, thread: null });
      expect(sent).toMatchObject({ kind: "not-sent", mayHaveArrived: false });
      expect(headlines()).toEqual([]);
      behave("well");
      expect((await chat.post(aMessage("x"), { channel, thread: null })).kind).toBe("sent");
    },
  );

  it("C2 says of a message without an answer that it may have arrived, for it may", async () => {
    const { chat, channel, headlines, behave } = await make();
    behave("silent");
    const sent = await chat.post(aMessage("x"), { channel, thread: null });
    expect(sent).toMatchObject({ kind: "not-sent", retryAfterMs: null, mayHaveArrived: true });
    expect(headlines()).toEqual(["x"]);
  });

  it("C2 knows that an edit of a message that is gone changed nothing", async () => {
    const { chat, channel } = await make();
    const sent = await chat.post(aMessage("x"), { channel, thread: null });
    if (sent.kind === "not-sent") throw new Error(sent.reason);
    const gone = await chat.update(aMessage("y"), { ...sent.receipt, ts: "1.000001" });
    expect(gone).toMatchObject({ kind: "not-sent", mayHaveArrived: false });
  });
}

function aMessage(headline: string): Message {
  return {
    schema: "message.v1",
    kind: "alert",
    incidentId: "inc-1",
    headline,
    severity: "P1",
    status: "Investigating",
    sections: [],
    buttons: [],
  };
}
