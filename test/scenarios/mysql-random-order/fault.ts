import { randomOrder } from "../faults/random-order.ts";

export const scenario = randomOrder(
  "mysql",
  "A few random rows of a large table are picked all the time",
  "large",
);
