import { updateInTransactionBlocks } from "../faults/update-in-transaction-blocks.ts";

export const scenario = updateInTransactionBlocks("mysql");
