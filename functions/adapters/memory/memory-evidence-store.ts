import { type Evidence, evidenceSchema } from "../../core/contract/evidence.ts";
import type { EvidenceStore } from "../../core/ports.ts";

/** Evidence as JSON text by id; parsed on the way out, which is for tests: nothing of the responder reads it again. */
export function createMemoryEvidenceStore(): EvidenceStore & { get(id: string): Promise<Evidence | null> } {
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
