import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryChat } from "../../../functions/adapters/memory/memory-chat.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemorySettings } from "../../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import { type Chapter, incidentStory } from "../../support/incident-story.ts";

/** An incident in its store and a channel, as the announcer meets them. */
export async function channelOf(incident: Incident) {
  const clock = createVirtualClock(Date.parse(incident.updatedAt) + 1000);
  const chat = createMemoryChat({ clock });
  const incidents = createMemoryIncidentStore();
  await incidents.open(incident);
  const deps = {
    incidents,
    chat,
    clock,
    settings: createMemorySettings(),
    log: createCollectingLog(),
    random: () => 0,
  };
  /** Somebody else writes what has happened; where the messages went stays. */
  const happen = async (next: Incident): Promise<void> => {
    const saved = await incidents.get(incident.id);
    if (saved === null) throw new Error("the incident is gone");
    await incidents.save({
      ...next,
      revision: saved.revision,
      root: saved.root,
      receipts: saved.receipts,
      signals: saved.signals,
    });
  };
  const texts = (): string[] => chat.messages.map(({ message }) => message.headline);
  return { deps, chat, clock, happen, texts };
}

export function chapter(title: string): Chapter {
  const found = incidentStory().find((one) => one.title === title);
  if (found === undefined) throw new Error(`the story has no chapter "${title}"`);
  return found;
}
