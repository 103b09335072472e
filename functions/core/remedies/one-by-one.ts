/**
 * One text of two statements is one transaction, in which some cannot run: ALTER SYSTEM, VACUUM, whatever is
 * CONCURRENTLY. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export const oneByOne = "Send the two statements one after the other: in one string they fail.";
