import { type WayBackNote, type WayBackStore, wayBackNoteSchema } from "../../core/contract/way-back.ts";

/** Kept as text, like all of the twin's. */
export function createMemoryWaysBack(): Omit<WayBackStore, "reopen"> {
  const notes = new Map<string, string>();
  const keyOf = ({ incidentId, orderId }: WayBackNote) => JSON.stringify([incidentId, orderId]);
  const textOf = (note: WayBackNote) => JSON.stringify(wayBackNoteSchema.parse(note));
  const read = (text: string) => wayBackNoteSchema.parse(JSON.parse(text));
  return {
    putWayBack: async (note) => {
      const text = notes.get(keyOf(note));
      if (text === undefined || read(text).tries === 0) notes.set(keyOf(note), textOf(note));
    },
    wayBacks: async () => [...notes.values()].map(read),
    replaceWayBack: async (before, after) => {
      if (notes.get(keyOf(after)) !== textOf(before)) return false;
      notes.set(keyOf(after), textOf(after));
      return true;
    },
  };
}
