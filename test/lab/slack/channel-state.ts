import type { LabBlock } from "./block-kit-rules.ts";

export interface LabMessage {
  readonly channel: string;
  /** A string, as in Slack: two messages of one second differ in the digits behind the point. */
  readonly ts: string;
  readonly threadTs: string | null;
  readonly text: string;
  readonly blocks: LabBlock[];
  /** ts of the last edit. */
  readonly editedTs: string | null;
  readonly edits: number;
  /** Only this person sees it; null for everybody. */
  readonly onlyFor: string | null;
}

export interface LabChannel {
  readonly id: string;
  readonly name: string;
  /** Whether the app has been invited. */
  readonly joined: boolean;
}

interface Posting {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly text: string;
  readonly blocks: LabBlock[];
  readonly onlyFor?: string;
}

/** What one workspace has in it. `version` grows with each change, for pages that refresh themselves. */
export interface ChannelState {
  version(): number;
  messages(): readonly LabMessage[];
  find(channel: string, ts: string): LabMessage | null;
  add(posting: Posting): LabMessage;
  edit(message: LabMessage, text: string, blocks: LabBlock[]): LabMessage;
}

export function createChannelState(now: () => number): ChannelState {
  const messages: LabMessage[] = [];
  let version = 0;

  function nextTs(): string {
    version += 1;
    const seconds = Math.floor(now() / 1000);
    return `${seconds}.${String(version).padStart(6, "0")}`;
  }

  return {
    version: () => version,
    messages: () => messages,
    find: (channel, ts) => messages.find((one) => one.channel === channel && one.ts === ts) ?? null,
    add(posting) {
      const message: LabMessage = { onlyFor: null, ...posting, ts: nextTs(), editedTs: null, edits: 0 };
      messages.push(message);
      return message;
    },
    edit(message, text, blocks) {
      const edited = { ...message, text, blocks, editedTs: nextTs(), edits: message.edits + 1 };
      messages[messages.findIndex((one) => one.ts === message.ts)] = edited;
      return edited;
    },
  };
}
