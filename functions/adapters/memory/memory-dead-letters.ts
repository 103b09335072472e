import type { Rejection } from "../../core/contract/signal.ts";
import type { DeadLetters } from "../../core/ports.ts";

export interface MemoryDeadLetters extends DeadLetters {
  /** Oldest first. */
  readonly rejections: readonly Rejection[];
}

export function createMemoryDeadLetters(): MemoryDeadLetters {
  const rejections: Rejection[] = [];
  return {
    rejections,
    send: async (rejection) => {
      rejections.push(structuredClone(rejection));
    },
  };
}
