import { logicalConsumer } from "../faults/logical-consumer.ts";

export const scenario = logicalConsumer(
  "A consumer of changes is connected and confirms nothing: its slot is in use, and the log piles up for it",
  false,
);
