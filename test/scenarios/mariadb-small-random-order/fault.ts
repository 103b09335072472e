import { randomOrder } from "../faults/random-order.ts";

export const scenario = randomOrder(
  "mariadb",
  "Look-alike: random rows of a small table now and then are all that runs",
  "small",
);
