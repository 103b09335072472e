import { logicalConsumer } from "../faults/logical-consumer.ts";

export const scenario = logicalConsumer(
  "A consumer of changes polls its slot and confirms what it was given",
  true,
);
