import { evidenceSchema } from "../../core/contract/evidence.ts";
import type { EvidenceStore } from "../../core/ports.ts";

/** Evidence as JSON text by id; parsed on the way out. */
export function createMemoryEvidenceStore(): EvidenceStore {
  const texts = new Map<string, string>();
  return {
    put: async (id, evidence) => {
      texts.set(id, JSON.stringify(evidence));
    },
    get: async (id) => {
      const text = texts.get(id);
      return text === undefined ? null : evidenceSchema.parse(JSON.parse(text));
    },
  };
}
